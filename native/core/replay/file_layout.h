#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/status.h"
#include "core/replay/options.h"

namespace spiq {

// What a replay file holds, fixed when it is created.
struct FileDimensions {
  std::int64_t capacity = 0;  // transitions
  std::int64_t size = 0;      // values of a frame
  FrameType type = FrameType::Float32;
  std::uint64_t rows = 0;  // of the ring
  std::uint64_t frameBytes = 0;
};

// The first bytes of the file. Numbers are little-endian, as on every machine that spiq runs on.
struct FileHead {
  std::uint64_t magic = 0;
  std::uint32_t version = 0;
  std::uint32_t type = 0;
  std::int64_t capacity = 0;
  std::int64_t size = 0;
  std::uint64_t rows = 0;
  std::uint64_t frameBytes = 0;
  std::uint64_t sum = 0;
};

// How far the file has come; kept twice and written in turns, so that one is always whole.
struct Progress {
  std::uint64_t turn = 0;
  std::uint64_t flushed = 0;    // rows below it survive a power cut
  std::uint64_t announced = 0;  // rows from it on have not been begun
  std::uint64_t least = 0;      // rows below it are gone, though nothing was written over them
  std::uint64_t sum = 0;
};

// A row of the log. `sum` covers the fields before it.
struct RowRecord {
  enum Flag : std::uint16_t {
    First = 1,  // of an episode; the others tell of the step that led to the row
    Terminated = 2,
    Truncated = 4,
    LifeLost = 8,
    Discard = 16,
    Written = 32,  // always: so that no record is all zeros
  };

  std::uint64_t row = 0;
  std::uint32_t previous = 0;  // rows back to the episode's row before; 0 for the first
  std::int32_t action = 0;
  float reward = 0;
  std::uint16_t copy = 0;
  std::uint16_t flags = 0;
  std::uint32_t frameSum = 0;
  std::uint32_t sum = 0;
};

static_assert(sizeof(FileHead) == 56 && sizeof(Progress) == 40 && sizeof(RowRecord) == 32);

constexpr std::uint64_t kReplayMagic = 0x796c707271697073;  // "spiqrply"
constexpr std::uint32_t kReplayVersion = 1;

// Where things are, in bytes.
struct FileLayout {
  static constexpr std::size_t kProgressAt[2] = {512, 1024};
  static constexpr std::size_t kRecordsAt = 4096;

  explicit FileLayout(const FileDimensions& given)
      : dimensions(given),
        framesAt((kRecordsAt + given.rows * sizeof(RowRecord) + 4095) / 4096 * 4096),
        bytes(framesAt + given.rows * given.frameBytes) {}

  FileDimensions dimensions;
  std::size_t framesAt;
  std::size_t bytes;
};

// Rows that the ring needs for so many transitions: episodes end with a row that starts no
// transition. Twice as many where that costs little, otherwise 1/256 more, at most 7.1 GB for a
// million frames of 84 x 84 bytes.
std::uint64_t ringRows(const ReplayOptions& options, std::size_t frameBytes);

// 32 bits of FNV-1a.
std::uint32_t shortSum(const void* bytes, std::size_t size);
std::uint32_t sumOf(const RowRecord& record);
std::uint64_t sumOf(const FileHead& head);
std::uint64_t sumOf(const Progress& progress);

// The head, and a first progress, of a new file.
std::vector<std::uint8_t> newHead(const FileDimensions& dimensions);
// Refuses heads of other files, of newer versions and damaged ones.
Result<FileDimensions> readHead(const std::uint8_t* bytes, std::size_t size,
                                const std::string& path);

const char* frameTypeName(FrameType type);

}  // namespace spiq
