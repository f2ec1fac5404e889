#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/shape.h"
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

// Transitions of one or several copies of an environment, and what is drawn from them. No sample
// reaches across the border of an episode, nor across the place where new frames overwrite old
// ones. One call at a time.
class Replay {
 public:
  static Result<std::unique_ptr<Replay>> create(const ReplayOptions& options);
  ~Replay();

  const ReplayOptions& options() const;
  // Transitions that can be drawn.
  std::size_t size() const;
  // Values of a state: those of a frame times the frames of a state.
  std::size_t stateSize() const;

  // An observation as it is stored: `frameBytes` bytes in the form of `options().type`.
  std::size_t frameBytes() const;
  // The first observation of an episode.
  Status begin(const std::uint8_t* frame, std::size_t copy);
  // An action, and the observation that followed.
  Status add(const ReplayStep& step, const std::uint8_t* frame, std::size_t copy);
  // The state to act on next.
  Status state(std::size_t copy, float* into) const;

  // Draws from the memory's own generator. Buffers are used again; `pool` shares the work of large
  // batches and may be absent.
  Status sample(std::size_t count, ReplayBatch& into, ThreadPool* pool = nullptr);
  // Errors of transitions by their `indices` in a batch. Those that have been overwritten since are
  // passed over. Refused by uniform memories.
  Status setPriorities(View<const std::int64_t> indices, View<const float> errors);

 private:
  struct Parts;
  explicit Replay(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace spiq
