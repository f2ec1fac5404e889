#include <cmath>
#include <cstddef>

#include "base/lane.h"

namespace spiq {
namespace {

// Without a fused instruction in the baseline set the library's correctly rounded fma takes its
// place.
template <class L>
L fusedMultiplyAdd(L a, L b, L c) {
  L result;
  for (std::size_t i = 0; i < sizeof(L) / sizeof(a[0]); ++i) result[i] = std::fma(a[i], b[i], c[i]);
  return result;
}

template <class L>
unsigned nonZeroBits(L values) {
  unsigned bits = 0;
  for (std::size_t i = 0; i < sizeof(L) / sizeof(values[0]); ++i)
    bits |= (values[i] != 0 ? 1U : 0U) << i;
  return bits;
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 16
#include "backend/cpu/layer_kernels.inl.h"

namespace spiq {

template <>
LayerKernels<float> baselineKernels<float>() {
  return kernels<float>();
}

template <>
LayerKernels<double> baselineKernels<double>() {
  return kernels<double>();
}

}  // namespace spiq
