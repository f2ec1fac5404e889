#include <algorithm>
#include <vector>

#include "base/aligned.h"
#include "core/frames/axis_weights.h"
#include "core/frames/byte_resize_forms.h"

namespace spiq {

namespace {

constexpr std::size_t kRowsAtOnce = 16;  // so many stay near the processor

// In float32, columns first, rounded to the nearest, ties to even.
class ShareResize final : public ByteResize {
 public:
  ShareResize(ImageSize from, ImageSize to, const FrameKernels& kernels)
      : kernels_(kernels),
        rows_(areaAxis(from.height, to.height)),
        columns_(areaAxis(from.width, to.width)),
        floats_(kRowsAtOnce * from.width),
        scratch_(scratchOf(columns_.view())),
        narrow_(from.height * to.width),
        lines_(rows_.taps),
        result_(to.pixels()) {}

  void run(const std::uint8_t* image, std::uint8_t* into) override {
    for (std::size_t y = 0; y < rows_.from; y += kRowsAtOnce) {
      const std::size_t count = std::min(kRowsAtOnce, rows_.from - y);
      kernels_.toFloats(image + y * columns_.from, count * columns_.from, floats_.data());
      kernels_.floats.columns(columns_.view(), floats_.data(), count, scratch_.data(),
                              narrow_.data() + y * columns_.to);
    }
    for (std::size_t o = 0; o < rows_.to; ++o) {
      for (std::size_t k = 0; k < rows_.taps; ++k)
        lines_[k] = narrow_.data() + (rows_.starts[o] + k) * columns_.to;
      kernels_.floats.blend(&rows_.weights[o * rows_.taps], lines_.data(), rows_.taps, columns_.to,
                            result_.data() + o * columns_.to);
    }
    kernels_.toBytes(result_.data(), result_.size(), into);
  }

 private:
  const FrameKernels& kernels_;
  AxisWeights<float> rows_;
  AxisWeights<float> columns_;
  AlignedVector<float> floats_;
  AlignedVector<float> scratch_;
  AlignedVector<float> narrow_;
  std::vector<const float*> lines_;
  AlignedVector<float> result_;
};

}  // namespace

std::unique_ptr<ByteResize> shareResize(ImageSize from, ImageSize to, const FrameKernels& kernels) {
  return std::make_unique<ShareResize>(from, to, kernels);
}

}  // namespace spiq
