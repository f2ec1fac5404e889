#include <cmath>
#include <cstddef>
#include <cstdint>

#include "backend/cpu/add_where.inl.h"
#include "backend/cpu/list_steps.inl.h"
#include "backend/cpu/list_units.inl.h"
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

unsigned nonZeroWords(const std::uint32_t* words) {
  unsigned bits = 0;
  for (unsigned i = 0; i < 16; ++i) bits |= (words[i] != 0 ? 1U : 0U) << i;
  return bits;
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 16
#define SPIQ_TILE_LANES 2
#define SPIQ_OUTER_SUMS 12
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
