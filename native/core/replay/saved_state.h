#pragma once

#include <cstdint>
#include <vector>

#include "core/replay/accumulator.h"
#include "core/replay/options.h"
#include "core/replay/rows.h"
#include "core/sim/state_bytes.h"

namespace spiq {

// What a saved memory begins with: its options, its place, its generator and its episodes.
struct SavedHead {
  static constexpr std::uint64_t kMagic = 0x74737072'71697073;  // "spiqrpst"
  static constexpr std::uint32_t kVersion = 1;

  std::uint64_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint8_t mapped = 0;  // whether the frames are in a file of their own
  std::vector<double> options;
  std::uint64_t ring = 0;      // rows of it
  std::uint64_t fileMark = 0;  // of the last records of the file
  std::uint64_t oldest = 0;
  std::uint64_t end = 0;
  std::uint64_t tail = 0;
  std::uint64_t count = 0;
  std::uint64_t seed = 0;
  std::uint64_t drawn = 0;
  double largestPriority = 1;
  std::uint64_t batches = 0;
  std::vector<Accumulator> copies;

  void exchange(StateBytes& bytes);
};

void exchangeLinks(StateBytes& bytes, RowLinks& links);

// A state on its way in.
struct SavedState {
  SavedHead head;
  std::uint64_t rows = 0;  // that have come so far
  std::vector<RowLinks> links;
  std::vector<double> priorities;
};

// Whether every distance leads to a row that is there and every count is right. Frames below the
// row `floor` are gone.
bool contradicts(const SavedState& saved, const ReplayOptions& options, std::uint64_t floor);

// How many rows a block holds.
std::uint64_t rowsOfBlock(std::size_t bytesOfRow);

// The options that a state has to share with the memory that takes it; their names beside them.
std::vector<double> savedOptions(const ReplayOptions& options);
const char* savedOptionName(std::size_t index);

}  // namespace spiq
