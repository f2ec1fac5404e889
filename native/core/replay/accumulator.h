#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/replay/options.h"

namespace spiq {

// A transition of n steps, or of fewer where the episode ends.
struct Transition {
  std::uint64_t from = 0;  // rows
  std::uint64_t to = 0;
  std::int32_t action = 0;
  float discountedReturn = 0;
  float discount = 0;
};

// One copy of the environment: its last row, and the steps whose n rewards are not all there yet.
class Accumulator {
 public:
  struct Step {
    std::uint64_t row = 0;
    std::int32_t action = 0;
    float reward = 0;
  };

  // Whether an episode goes on.
  bool running() const { return running_; }
  std::uint64_t last() const { return last_; }
  const std::vector<Step>& pending() const { return pending_; }

  // An episode that still goes on is cut off where it is.
  template <class Emit>
  void begin(std::uint64_t row, double gamma, const Emit& emit) {
    flush(last_, false, gamma, emit);
    resume(row);
  }
  void resume(std::uint64_t row) {
    last_ = row;
    running_ = true;
  }

  // Takes a step that led to `row`; `emit` is called with each transition that it completes, the
  // oldest first.
  template <class Answer, class Emit>
  void add(const Answer& step, std::uint64_t row, std::int64_t nStep, double gamma,
           const Emit& emit) {
    if (step.discard) {
      // As if the episode had been cut off before this step.
      flush(last_, false, gamma, emit);
    } else {
      pending_.push_back({last_, step.action, step.reward});
      if (step.terminated || step.lifeLost) {
        flush(row, true, gamma, emit);
      } else if (step.truncated) {
        flush(row, false, gamma, emit);
      } else if (pending_.size() == static_cast<std::size_t>(nStep)) {
        emit(transition(0, row, false, gamma));
        pending_.erase(pending_.begin());
      }
    }
    last_ = row;
    running_ = !step.terminated && !step.truncated;
  }

  // What was saved.
  void restore(std::uint64_t last, bool running, std::vector<Step> pending) {
    last_ = last;
    running_ = running;
    pending_ = std::move(pending);
  }

 private:
  template <class Emit>
  void flush(std::uint64_t to, bool terminal, double gamma, const Emit& emit) {
    for (std::size_t first = 0; first < pending_.size(); ++first)
      emit(transition(first, to, terminal, gamma));
    pending_.clear();
  }

  // Of all pending steps from `first` on, in double: each reward times its power of gamma, the
  // earliest first.
  Transition transition(std::size_t first, std::uint64_t to, bool terminal, double gamma) const {
    double sum = 0;
    double power = 1;
    for (std::size_t step = first; step < pending_.size(); ++step) {
      sum += power * static_cast<double>(pending_[step].reward);
      power *= gamma;
    }
    return {pending_[first].row, to, pending_[first].action, static_cast<float>(sum),
            terminal ? 0.0F : static_cast<float>(power)};
  }

  std::vector<Step> pending_;
  std::uint64_t last_ = 0;
  bool running_ = false;
};

}  // namespace spiq
