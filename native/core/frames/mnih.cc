#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/aligned.h"
#include "core/frames/kinds.h"
#include "core/frames/luminance_resize.h"

namespace spiq {

namespace {

constexpr std::size_t kSide = 84;
constexpr float kThreshold = 5;  // of 255

// How far from the threshold float32 decides: half a unit in the last place for every weight,
// product and sum on the way there, and as much again. No addend is negative.
float slackOf(const AxisWeights<double>& rows, const AxisWeights<double>& columns) {
  const auto roundings = static_cast<float>(rows.taps + columns.taps + 2);
  return kThreshold * roundings * std::numeric_limits<float>::epsilon();
}

// A binary form of the preprocessing of Mnih et al., "Human-level control through deep
// reinforcement learning" (Nature 518, 2015), with the frame of the observation before in the place
// of the emulator's frame before:
//   observation_t = 1 where resize(luminance(max(frame_t, frame_(t-1))), 84 x 84) > 5, else 0
// The first frame of an episode stands in for the one before it. In float64; float32, which is
// twice as fast, decides where both must agree.
class Mnih final : public Preprocessor {
 public:
  Mnih(std::size_t copies, ImageSize frame, const FrameKernels& kernels)
      : Preprocessor(copies, 3 * frame.pixels(), {1, kSide, kSide}),
        kernels_(kernels),
        rowBytes_(3 * frame.width),
        rows_(luminanceAxis(frame.height, kSide)),
        columns_(antialiasedAxis(frame.width, kSide)),
        slack_(slackOf(rows_, columns_)),
        resize_(frame, {kSide, kSide}, kernels),
        brightest_(rowBytes_),
        resized_(kSide * kSide),
        before_(copies) {}

  bool begun(std::size_t copy) const override { return !before_[copy].empty(); }

  Status begin(std::size_t copy, const FramePair& frames, std::uint8_t* into) override {
    before_[copy].assign(frames.newest, frames.newest + frameBytes());
    return step(copy, frames, into);
  }

  Status step(std::size_t copy, const FramePair& frames, std::uint8_t* into) override {
    std::vector<std::uint8_t>& before = before_[copy];
    observe(frames.newest, before.data(), into);
    std::copy_n(frames.newest, frameBytes(), before.begin());
    return {};
  }

 private:
  void observe(const std::uint8_t* newest, const std::uint8_t* before, std::uint8_t* into) {
    const auto row = [&](std::size_t y) {
      const std::size_t at = y * rowBytes_;
      kernels_.brighter(newest + at, before + at, rowBytes_, brightest_.data());
      return brightest_.data();
    };
    const auto ready = [&](std::size_t first, std::size_t count) {
      const float* values = &resized_[first];
      if (!kernels_.above(values, count, kThreshold, slack_, into + first)) return;
      for (std::size_t i = 0; i < count; ++i) {
        if (std::abs(values[i] - kThreshold) < slack_)
          into[first + i] = exactly(newest, before, first + i) > kThreshold ? 1 : 0;
      }
    };
    resize_.run(row, resized_.data(), ready);
  }

  // Value `i` of the result in float64.
  double exactly(const std::uint8_t* newest, const std::uint8_t* before, std::size_t i) const {
    const std::size_t y = i / kSide;
    const std::size_t x = i % kSide;
    double sum = 0;
    for (std::size_t c = 0; c < columns_.taps; ++c) {
      double column = 0;
      for (std::size_t r = 0; r < rows_.taps; ++r) {
        const std::size_t at = (rows_.starts[y] + r) * rowBytes_ + 3 * (columns_.starts[x] + c);
        const auto brightest = [&](std::size_t channel) {
          return std::max(newest[at + channel], before[at + channel]);
        };
        const int luminance = 2126 * brightest(0) + 7152 * brightest(1) + 722 * brightest(2);
        column += rows_.weights[y * rows_.taps + r] * luminance;
      }
      sum += columns_.weights[x * columns_.taps + c] * column;
    }
    return sum;
  }

  const FrameKernels& kernels_;
  std::size_t rowBytes_;
  AxisWeights<double> rows_;
  AxisWeights<double> columns_;
  float slack_;
  LuminanceResize<float> resize_;
  AlignedVector<std::uint8_t> brightest_;
  AlignedVector<float> resized_;
  std::vector<std::vector<std::uint8_t>> before_;
};

}  // namespace

PreprocessorResult makeMnih(const PreprocessorOptions& options, const FrameKernels& kernels) {
  return made<Mnih>(options, kernels);
}

}  // namespace spiq
