#pragma once

#include <memory>
#include <vector>

#include "core/replay/accumulator.h"
#include "core/replay/drawable_rows.h"
#include "core/replay/prioritised.h"
#include "core/replay/replay.h"
#include "core/replay/replay_file.h"
#include "core/replay/saved_state.h"
#include "core/replay/selector.h"

namespace spiq {

struct Replay::Parts {
  Parts(const ReplayOptions& given, Rows rows)
      : options(given), drawable(std::move(rows), given), generator(given.seed) {}

  Rows& rows() { return drawable.rows(); }
  const Rows& rows() const { return drawable.rows(); }

  // Writes a row and what the step that led to it completes; without a step the row begins an
  // episode.
  Status append(const std::uint8_t* frame, std::size_t copy, const ReplayStep* step);
  // The same but for the frame, which is there.
  void follow(std::size_t copy, std::uint32_t previous, const ReplayStep* step);
  // Everything that follows from the rows of the file.
  Status readFile();
  void admit(const Transition& transition);
  Accumulator& accumulator(std::size_t copy);
  // What was drawn, row after row.
  template <class Value>
  void gather(const BatchTarget<Value>& into);

  // What a saved state begins with, and how many bytes each row takes in it.
  SavedHead head() const;
  std::size_t bytesOfRow() const;
  // Of the latest records before `end`: no other file has the same.
  std::uint64_t fileMark(std::uint64_t end) const;
  Status checkHead(const SavedHead& head) const;
  Status readRows(StateBytes& bytes);
  Status finishRestoring();

  ReplayOptions options;
  std::unique_ptr<ReplayFile> file;  // absent: in memory
  MemoryMap frames;                  // of those
  DrawableRows drawable;
  ReplayGenerator generator;
  std::unique_ptr<Selector> selector;
  Prioritised* prioritised = nullptr;  // the selector, where it is one
  std::uint64_t priorityBytes = 0;
  std::vector<Accumulator> copies;
  Drawn drawn;
  std::shared_ptr<ThreadPool> pool;  // may be absent
  std::size_t threads = 1;
  std::unique_ptr<SavedState> restoring;
};

}  // namespace spiq
