#include <immintrin.h>

namespace spiq {
namespace {

__m512 fusedMultiplyAdd(__m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}

__m512d fusedMultiplyAdd(__m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}

unsigned nonZeroBits(__m512 values) {
  return _mm512_cmp_ps_mask(values, _mm512_setzero_ps(), _CMP_NEQ_OQ);
}

unsigned nonZeroBits(__m512d values) {
  return _mm512_cmp_pd_mask(values, _mm512_setzero_pd(), _CMP_NEQ_OQ);
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 64
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
