#include <immintrin.h>

namespace spiq {
namespace {

__m256 fusedMultiplyAdd(__m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}

__m256d fusedMultiplyAdd(__m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}

unsigned nonZeroBits(__m256 values) {
  return static_cast<unsigned>(
      _mm256_movemask_ps(_mm256_cmp_ps(values, _mm256_setzero_ps(), _CMP_NEQ_OQ)));
}

unsigned nonZeroBits(__m256d values) {
  return static_cast<unsigned>(
      _mm256_movemask_pd(_mm256_cmp_pd(values, _mm256_setzero_pd(), _CMP_NEQ_OQ)));
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 32
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
