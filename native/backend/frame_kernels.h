#pragma once

#include <cstddef>
#include <cstdint>

namespace spiq {

// One axis of a separable resize: value `o` of the result is the sum over k, in ascending order, of
// weights[o * taps + k] * source[starts[o] + k], products and sums each rounded.
template <class Real>
struct AxisView {
  std::size_t from;  // values of the source
  std::size_t to;    // values of the result
  std::size_t taps;
  const std::size_t* starts;
  const Real* weights;
};

// Values of `scratch` that `columns` needs.
template <class Real>
constexpr std::size_t scratchOf(const AxisView<Real>& axis) {
  return (axis.from + axis.to) * (64 / sizeof(Real));
}

template <class Real>
struct ResizeKernels {
  // 2126 R + 7152 G + 722 B of each pixel: 10,000 times its luminance, exactly.
  void (*luminance)(const std::uint8_t* rgb, std::size_t pixels, Real* into);
  // Sums of a value of each of `taps` lines by its weight, for `width` places.
  void (*blend)(const Real* weights, const Real* const* lines, std::size_t taps, std::size_t width,
                Real* into);
  // `height` rows of `axis.from` values resized to `axis.to`.
  void (*columns)(const AxisView<Real>& axis, const Real* image, std::size_t height, Real* scratch,
                  Real* into);
};

// What frames of games are worked on with, of one instruction set. All give the same bits.
struct FrameKernels {
  ResizeKernels<float> floats;
  ResizeKernels<double> doubles;
  // The larger of two bytes.
  void (*brighter)(const std::uint8_t* a, const std::uint8_t* b, std::size_t size,
                   std::uint8_t* into);
  // The smaller of two bytes and 77 hundredths of what the other is above it, rounded down.
  void (*glow)(const std::uint8_t* a, const std::uint8_t* b, std::size_t size, std::uint8_t* into);
  void (*toFloats)(const std::uint8_t* bytes, std::size_t size, float* into);
  // Values from 0 on, cut off at 255 and rounded to the nearest, ties to even.
  void (*toBytes)(const float* values, std::size_t size, std::uint8_t* into);
  // Whether each value is above a threshold, 1 or 0. True if any is within `slack` of it.
  bool (*above)(const float* values, std::size_t size, float threshold, float slack,
                std::uint8_t* into);
  // newest + .75 second + .5 third + .25 oldest, cut off at 255 and rounded down.
  void (*fade)(const double* newest, const double* second, const double* third,
               const double* oldest, std::size_t size, std::uint8_t* into);
};

}  // namespace spiq
