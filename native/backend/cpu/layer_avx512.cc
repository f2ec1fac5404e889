#include <immintrin.h>

#include <cstdint>

namespace spiq {
namespace {

__m512 fusedMultiplyAdd(__m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}

__m512d fusedMultiplyAdd(__m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}

unsigned nonZeroWords(const std::uint32_t* words) {
  return _mm512_test_epi32_mask(_mm512_loadu_si512(words), _mm512_loadu_si512(words));
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 64
#define SPIQ_TILE_LANES 4
#include "backend/cpu/layer_kernels.inl.h"

namespace spiq {

template <>
LayerKernels<float> avx512Kernels<float>() {
  return kernels<float>();
}

template <>
LayerKernels<double> avx512Kernels<double>() {
  return kernels<double>();
}

}  // namespace spiq
