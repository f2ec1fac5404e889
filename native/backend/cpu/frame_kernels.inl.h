// Included once by each frames_<isa>.cc, which beforehand defines SPIQ_LANE_BYTES, luminance for
// floats and doubles, and Block. In an unnamed namespace and on plain pointers, as
// layer_kernels.inl.h.
#include "backend/cpu/lanes.inl.h"
#include "backend/frame_kernels.h"

namespace spiq {
namespace {

// Neighbouring values, whose sums stay in registers.
template <int Vectors, class Real>
inline void blendVectors(const Real* weights, const Real* const* lines, std::size_t taps,
                         std::size_t at, Real* into) {
  using L = LaneOf<Real>;
  L sums[Vectors];
#pragma GCC unroll 8
  for (int v = 0; v < Vectors; ++v)
    sums[v] = lane::splat<L>(weights[0]) * load<L>(lines[0] + at + v * kWidth<Real>);
  for (std::size_t k = 1; k < taps; ++k) {
    const Real* line = lines[k] + at;
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; ++v)
      sums[v] += lane::splat<L>(weights[k]) * load<L>(line + v * kWidth<Real>);
  }
#pragma GCC unroll 8
  for (int v = 0; v < Vectors; ++v) store(into + at + v * kWidth<Real>, sums[v]);
}

template <class Real>
void blend(const Real* weights, const Real* const* lines, std::size_t taps, std::size_t width,
           Real* into) {
  constexpr std::size_t lanes = kWidth<Real>;
  constexpr int vectors = 5;  // 160 pixels are a multiple at every width
  std::size_t x = 0;
  for (; x + vectors * lanes <= width; x += vectors * lanes)
    blendVectors<vectors>(weights, lines, taps, x, into);
  for (; x + lanes <= width; x += lanes) blendVectors<1>(weights, lines, taps, x, into);
  for (; x < width; ++x) {
    Real sum = weights[0] * lines[0][x];
    for (std::size_t k = 1; k < taps; ++k) sum += weights[k] * lines[k][x];
    into[x] = sum;
  }
}

// to[x * toStride + y] = from[y * fromStride + x].
template <class Real>
inline void transpose(const Real* from, std::size_t fromStride, std::size_t height,
                      std::size_t width, Real* to, std::size_t toStride) {
  constexpr std::size_t side = Block<Real>::side;
  std::size_t y = 0;
  for (; y + side <= height; y += side) {
    std::size_t x = 0;
    for (; x + side <= width; x += side)
      Block<Real>::transpose(from + y * fromStride + x, fromStride, to + x * toStride + y,
                             toStride);
    for (; x < width; ++x) {
      for (std::size_t k = y; k < y + side; ++k) to[x * toStride + k] = from[k * fromStride + x];
    }
  }
  for (; y < height; ++y) {
    for (std::size_t x = 0; x < width; ++x) to[x * toStride + y] = from[y * fromStride + x];
  }
}

// As many rows as a vector of 64 bytes has lanes, a row in each.
template <class Real>
constexpr std::size_t kTileRows = 64 / sizeof(Real);

// With Taps 0 as many as the axis says.
template <std::size_t Taps, class Real>
inline void sumColumns(const AxisView<Real>& axis, const Real* tile, Real* into) {
  using L = LaneOf<Real>;
  constexpr int vectors = kTileRows<Real> / kWidth<Real>;
  const std::size_t taps = Taps == 0 ? axis.taps : Taps;
  const Real* weights = axis.weights;
  for (std::size_t o = 0; o < axis.to; ++o, weights += taps, into += kTileRows<Real>) {
    const Real* source = tile + axis.starts[o] * kTileRows<Real>;
#pragma GCC unroll 4
    for (int v = 0; v < vectors; ++v) {
      const Real* lanes = source + v * kWidth<Real>;
      L sum = lane::splat<L>(weights[0]) * load<L>(lanes);
#pragma GCC unroll 8
      for (std::size_t k = 1; k < taps; ++k)
        sum += lane::splat<L>(weights[k]) * load<L>(lanes + k * kTileRows<Real>);
      store(into + v * kWidth<Real>, sum);
    }
  }
}

template <class Real>
void columns(const AxisView<Real>& axis, const Real* image, std::size_t height, Real* scratch,
             Real* into) {
  constexpr std::size_t tileRows = kTileRows<Real>;
  Real* sums = scratch + axis.from * tileRows;
  for (std::size_t y = 0; y < height; y += tileRows) {
    const std::size_t count = height - y < tileRows ? height - y : tileRows;
    transpose(image + y * axis.from, axis.from, count, axis.from, scratch, tileRows);
    switch (axis.taps) {
      case 3:
        sumColumns<3>(axis, scratch, sums);
        break;
      case 6:
        sumColumns<6>(axis, scratch, sums);
        break;
      default:
        sumColumns<0>(axis, scratch, sums);
    }
    transpose(sums, tileRows, axis.to, count, into + y * axis.to, axis.to);
  }
}

void brighter(const std::uint8_t* a, const std::uint8_t* b, std::size_t size,
              std::uint8_t* __restrict into) {
  for (std::size_t i = 0; i < size; ++i) into[i] = a[i] < b[i] ? b[i] : a[i];
}

void glow(const std::uint8_t* a, const std::uint8_t* b, std::size_t size,
          std::uint8_t* __restrict into) {
  for (std::size_t i = 0; i < size; ++i) {
    const std::uint8_t less = a[i] < b[i] ? a[i] : b[i];
    const std::uint8_t more = a[i] < b[i] ? b[i] : a[i];
    const auto above = static_cast<std::uint16_t>(77 * (more - less));
    // above / 100, below 43,699
    const auto part = static_cast<std::uint16_t>((std::uint32_t{above} * 5243) >> 16);
    into[i] = static_cast<std::uint8_t>(less + (part >> 3));
  }
}

void toFloats(const std::uint8_t* bytes, std::size_t size, float* __restrict into) {
  for (std::size_t i = 0; i < size; ++i) into[i] = static_cast<float>(bytes[i]);
}

void toBytes(const float* values, std::size_t size, std::uint8_t* __restrict into) {
  constexpr float ulpOf1 = 0x1.8p23F;  // beside it floats are whole numbers
  for (std::size_t i = 0; i < size; ++i) {
    const float value = values[i] < 255.0F ? values[i] : 255.0F;
    into[i] = static_cast<std::uint8_t>(static_cast<int>((value + ulpOf1) - ulpOf1));
  }
}

bool above(const float* values, std::size_t size, float threshold, float slack,
           std::uint8_t* __restrict into) {
  std::uint8_t near = 0;
  for (std::size_t i = 0; i < size; ++i) {
    const float over = values[i] - threshold;
    into[i] = over > 0.0F ? 1 : 0;
    const std::uint8_t within = over > -slack && over < slack ? 1 : 0;
    near |= within;
  }
  return near != 0;
}

void fade(const double* newest, const double* second, const double* third, const double* oldest,
          std::size_t size, std::uint8_t* __restrict into) {
  for (std::size_t i = 0; i < size; ++i) {
    const double sum = newest[i] + .75 * second[i] + .5 * third[i] + .25 * oldest[i];
    into[i] = static_cast<std::uint8_t>(static_cast<int>(sum < 255.0 ? sum : 255.0));
  }
}

template <class Real>
ResizeKernels<Real> resizeKernels() {
  return {luminance, blend<Real>, columns<Real>};
}

FrameKernels frameKernels() {
  return {resizeKernels<float>(),
          resizeKernels<double>(),
          brighter,
          glow,
          toFloats,
          toBytes,
          above,
          fade};
}

}  // namespace
}  // namespace spiq
