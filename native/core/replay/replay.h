#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/shape.h"
#include "core/learn/batch_source.h"
#include "core/replay/batch.h"
#include "core/replay/options.h"

namespace spiq {

class ThreadPool;

// What the environment answered to an action.
struct ReplayStep {
  std::int32_t action = 0;
  float reward = 0;
  bool terminated = false;  // the task ended: nothing of value follows
  bool truncated = false;   // a limit cut the episode off: what follows still has its value
  bool lifeLost = false;    // terminal for learning, while the game and its frames go on
  bool discard = false;     // this step is in no sample
};

// Where `sampleInto` writes: as many rows as are drawn. Values are floats, or bytes where frames
// hold nothing else.
template <class Value>
struct BatchTarget {
  Value* states = nullptr;
  std::int32_t* actions = nullptr;
  float* returns = nullptr;
  Value* nextStates = nullptr;
  float* discounts = nullptr;
  float* weights = nullptr;
  float* probabilities = nullptr;
};

// Memory of a replay, in bytes. A mapped one has its frames in its file.
struct ReplayBytes {
  std::uint64_t frames = 0;
  std::uint64_t rows = 0;
  std::uint64_t priorities = 0;
};

// DrawableRows of one or several copies of an environment, and what is drawn from them. No sample
// reaches across the border of an episode, nor across the place where new frames overwrite old
// ones. One call at a time.
class Replay final : public BatchSource {
 public:
  // In memory, or on disk where `file` is given: what the file holds is there at once.
  static Result<std::unique_ptr<Replay>> create(const ReplayOptions& options);
  ~Replay() override;

  const ReplayOptions& options() const;
  // DrawableRows that can be drawn.
  std::size_t size() const;
  // Values of a state: those of a frame times the frames of a state.
  std::size_t stateSize() const;
  // Observations stored since the beginning, those that have been overwritten among them.
  std::uint64_t rows() const;
  ReplayBytes bytesInUse() const;
  ReplayBytes bytesAtMost() const;

  // An observation as it is stored: `frameBytes` bytes in the form of `options().type`
  // (core/replay/frame_codec.h).
  std::size_t frameBytes() const;
  // The first observation of an episode. One that goes on is cut off where it is.
  Status begin(const std::uint8_t* frame, std::size_t copy);
  // An action, and the observation that followed.
  Status add(const ReplayStep& step, const std::uint8_t* frame, std::size_t copy);
  // The state to act on next.
  template <class Value>
  Status state(std::size_t copy, Value* into) const;

  // Shares the copying of large batches among the threads of a pool; nothing else depends on it.
  void share(std::shared_ptr<ThreadPool> pool, std::size_t threads);
  // Draws from the memory's own generator. Buffers are used again.
  Status sample(std::size_t count, ReplayBatch& into) override;
  template <class Value>
  Status sampleInto(std::size_t count, const BatchTarget<Value>& into);
  // All that can be drawn, the oldest first, from a row number on: `most` of them or as many as
  // there are, with the probability of drawing each next.
  template <class Value>
  Result<std::size_t> listInto(std::uint64_t from, std::size_t most,
                               const BatchTarget<Value>& into);
  // Of the last batch, by which priorities are set: numbers that no other transition ever has.
  template <class Number>
  void indicesInto(Number* into) const;
  bool prioritised() const override;
  // Errors of transitions by their indices. Those that have been overwritten since are passed over.
  // Refused by uniform memories. What is refused changes nothing.
  Status setPriorities(View<const std::int64_t> indices, View<const float> errors) override;
  // Exponent of the importance weights of the next batch; 0 for uniform memories.
  double beta() const;

  // On disk: makes all that was added survive a power cut; a killed process loses nothing anyway.
  Status flush();
  // On disk: every frame against its checksum.
  Status verify() const;

  // The whole state in blocks, each with a checksum: number 0, then `saveBlocks` - 1 others. Of a
  // mapped memory without what is in its file.
  std::uint64_t saveBlocks() const;
  std::vector<std::uint8_t> saveBlock(std::uint64_t number) const;
  // Blocks in their order. `last` completes; before that nothing has changed but for memories that
  // were new, and after a refusal those must not be used.
  Status restoreBlock(const std::uint8_t* block, std::size_t size, bool last);

 private:
  struct Parts;
  explicit Replay(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace spiq
