#include "core/frames/byte_resize.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/frames/byte_resize_forms.h"

namespace spiq {

namespace {

class Copy final : public ByteResize {
 public:
  explicit Copy(std::size_t pixels) : pixels_(pixels) {}
  void run(const std::uint8_t* image, std::uint8_t* into) override {
    std::copy_n(image, pixels_, into);
  }

 private:
  std::size_t pixels_;
};

// As OpenCV finds it out.
bool isWhole(std::size_t from, std::size_t to) {
  const double scale = 1 / (static_cast<double>(to) / static_cast<double>(from));
  return std::abs(scale - std::nearbyint(scale)) < std::numeric_limits<double>::epsilon();
}

bool isHalf(ImageSize from, ImageSize to) {
  return from.height == 2 * to.height && from.width == 2 * to.width;
}

}  // namespace

std::unique_ptr<ByteResize> areaResize(ImageSize from, ImageSize to, const FrameKernels& kernels) {
  if (from == to) return std::make_unique<Copy>(from.pixels());
  if (from.height < to.height || from.width < to.width)
    return betweenResize(from, to, Between::Edges);
  if (isWhole(from.height, to.height) && isWhole(from.width, to.width))
    return blockResize(from, to);
  return shareResize(from, to, kernels);
}

std::unique_ptr<ByteResize> linearResize(ImageSize from, ImageSize to) {
  if (from == to) return std::make_unique<Copy>(from.pixels());
  if (isHalf(from, to)) return blockResize(from, to);
  return betweenResize(from, to, Between::Centres);
}

}  // namespace spiq
