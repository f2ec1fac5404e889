#include <cstddef>
#include <cstdint>

#include "backend/cpu/cpu_frames.h"

namespace spiq {
namespace {

template <class Real>
void luminanceOf(const std::uint8_t* rgb, std::size_t pixels, Real* __restrict into) {
  for (std::size_t i = 0; i < pixels; ++i, rgb += 3)
    into[i] = static_cast<Real>(2126 * rgb[0] + 7152 * rgb[1] + 722 * rgb[2]);
}

void luminance(const std::uint8_t* rgb, std::size_t pixels, float* into) {
  luminanceOf(rgb, pixels, into);
}

void luminance(const std::uint8_t* rgb, std::size_t pixels, double* into) {
  luminanceOf(rgb, pixels, into);
}

template <class Real>
struct Block {
  static constexpr std::size_t side = 4;
  static void transpose(const Real* from, std::size_t fromStride, Real* __restrict to,
                        std::size_t toStride) {
#pragma GCC unroll 4
    for (std::size_t y = 0; y < side; ++y) {
#pragma GCC unroll 4
      for (std::size_t x = 0; x < side; ++x) to[x * toStride + y] = from[y * fromStride + x];
    }
  }
};

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 16
#include "backend/cpu/frame_kernels.inl.h"

namespace spiq {

FrameKernels baselineFrameKernels() {
  return frameKernels();
}

}  // namespace spiq
