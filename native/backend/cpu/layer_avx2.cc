#include <cstdint>

#include <immintrin.h>

namespace spiq {
namespace {

__m256 fusedMultiplyAdd(__m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}

__m256d fusedMultiplyAdd(__m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}

// Writes tag + step * scale for every step whose bit is set; returns the end.
inline std::uint32_t* listSteps(std::uint32_t mask, std::uint32_t tag, std::uint32_t scale,
                                std::uint32_t* to) {
  for (; mask != 0; mask &= mask - 1)
    *to++ = tag + static_cast<std::uint32_t>(__builtin_ctz(mask)) * scale;
  return to;
}

unsigned nonZeroWords(const std::uint32_t* words) {
  const auto half = [](const std::uint32_t* from) {
    const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(from));
    const __m256i zero = _mm256_cmpeq_epi32(loaded, _mm256_setzero_si256());
    return ~static_cast<unsigned>(_mm256_movemask_ps(_mm256_castsi256_ps(zero))) & 0xffU;
  };
  return half(words) | half(words + 8) << 8;
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 32
#define SPIQ_TILE_LANES 2
#include "backend/cpu/layer_kernels.inl.h"

namespace spiq {

template <>
LayerKernels<float> avx2Kernels<float>() {
  return kernels<float>();
}

template <>
LayerKernels<double> avx2Kernels<double>() {
  return kernels<double>();
}

}  // namespace spiq
