#include <algorithm>
#include <array>
#include <vector>

#include "base/aligned.h"
#include "core/frames/kinds.h"
#include "core/frames/luminance_resize.h"

namespace spiq {

namespace {

constexpr std::size_t kRowsDropped = 25;  // the score
constexpr std::size_t kSide = 80;
constexpr std::size_t kFrames = 4;
constexpr std::size_t kPixels = kSide * kSide;

// Patel, Hazan, Saunders, Siegelmann and Kozma, "Improved robustness of reinforcement learning
// policies upon conversion to spiking neuronal network platforms applied to Atari Breakout game"
// (arXiv:1903.11012):
//   x_t = resize(luminance(frame_t below row 24), 80 x 80)
//   observation = floor(min(255, x_t + 3/4 x_(t-1) + 1/2 x_(t-2) + 1/4 x_(t-3)))
// The first frame of an episode stands in for those before it.
class Patel final : public Preprocessor {
 public:
  Patel(std::size_t copies, ImageSize frame, const FrameKernels& kernels)
      : Preprocessor(copies, 3 * frame.pixels(), {1, kSide, kSide}),
        kernels_(kernels),
        rowBytes_(3 * frame.width),
        resize_({frame.height - kRowsDropped, frame.width}, {kSide, kSide}, kernels),
        histories_(copies) {}

  bool begun(std::size_t copy) const override { return !histories_[copy].empty(); }

  Status begin(std::size_t copy, const FramePair& frames, std::uint8_t* into) override {
    Frames& history = histories_[copy];
    history.resize(kFrames, AlignedVector<double>(kPixels));
    take(history, frames, into, {0, 0, 0, 0});
    for (std::size_t k = 1; k < kFrames; ++k) history[k] = history[0];
    return {};
  }

  Status step(std::size_t copy, const FramePair& frames, std::uint8_t* into) override {
    Frames& history = histories_[copy];
    std::rotate(history.begin(), history.end() - 1, history.end());
    take(history, frames, into, {0, 1, 2, 3});
    return {};
  }

 private:
  using Frames = std::vector<AlignedVector<double>>;  // resized, newest first

  // A new frame in the place of the first, and the observation of frames at `ages`.
  void take(Frames& history, const FramePair& frames, std::uint8_t* into,
            const std::array<std::size_t, kFrames>& ages) {
    const auto row = [&](std::size_t y) { return frames.newest + (kRowsDropped + y) * rowBytes_; };
    const auto aged = [&](std::size_t k) { return history[ages[k]].data(); };
    const auto ready = [&](std::size_t first, std::size_t count) {
      kernels_.fade(aged(0) + first, aged(1) + first, aged(2) + first, aged(3) + first, count,
                    into + first);
    };
    resize_.run(row, history[0].data(), ready);
  }

  const FrameKernels& kernels_;
  std::size_t rowBytes_;
  LuminanceResize<double> resize_;
  std::vector<Frames> histories_;
};

}  // namespace

PreprocessorResult makePatel(const PreprocessorOptions& options, const FrameKernels& kernels) {
  if (options.height > static_cast<std::int64_t>(kRowsDropped))
    return made<Patel>(options, kernels);
  return mismatch(Code::Range, "preprocessor option 'height'",
                  "more than the " + std::to_string(kRowsDropped) + " rows that patel drops",
                  std::to_string(options.height));
}

}  // namespace spiq
