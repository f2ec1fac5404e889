#pragma once

#include <utility>
#include <vector>

#include "core/frames/preprocessor.h"

namespace spiq {

// An observation is made of two frames of the emulator and of nothing before them. Where there is
// no frame before, the newest stands in for it.
class PairPreprocessor : public Preprocessor {
 public:
  bool begun(std::size_t copy) const override { return begun_[copy]; }

  Status begin(std::size_t copy, const FramePair& frames, std::uint8_t* into) override {
    begun_[copy] = true;
    return step(copy, frames, into);
  }

  Status step(std::size_t /*copy*/, const FramePair& frames, std::uint8_t* into) override {
    observe(frames.newest, frames.before == nullptr ? frames.newest : frames.before, into);
    return {};
  }

 protected:
  PairPreprocessor(std::size_t copies, std::size_t frameBytes, Shape shape)
      : Preprocessor(copies, frameBytes, std::move(shape)), begun_(copies) {}

 private:
  virtual void observe(const std::uint8_t* newest, const std::uint8_t* before,
                       std::uint8_t* into) = 0;

  std::vector<bool> begun_;
};

}  // namespace spiq
