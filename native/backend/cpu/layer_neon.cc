#include <cstdint>

#include <arm_neon.h>

#include "backend/cpu/add_where.inl.h"
#include "backend/cpu/list_steps.inl.h"
#include "backend/cpu/list_units.inl.h"
#include "base/lane.h"

namespace spiq {
namespace {

using Floats = lane::Vector<float, 16>::Type;
using Doubles = lane::Vector<double, 16>::Type;

Floats fusedMultiplyAdd(Floats a, Floats b, Floats c) {
  return vfmaq_f32(c, a, b);
}

Doubles fusedMultiplyAdd(Doubles a, Doubles b, Doubles c) {
  return vfmaq_f64(c, a, b);
}

// Four words as 16 bits each, all ones where a word is not zero.
uint16x4_t nonZeroOfFour(const std::uint32_t* words) {
  const uint32x4_t loaded = vld1q_u32(words);
  return vmovn_u32(vtstq_u32(loaded, loaded));
}

unsigned nonZeroOfEight(const std::uint32_t* words) {
  const uint8x8_t some = vmovn_u16(vcombine_u16(nonZeroOfFour(words), nonZeroOfFour(words + 4)));
  const uint8x8_t bits = vcreate_u8(0x8040201008040201);  // lane i has bit i
  return vaddv_u8(vand_u8(some, bits));
}

unsigned nonZeroWords(const std::uint32_t* words) {
  return nonZeroOfEight(words) | nonZeroOfEight(words + 8) << 8;
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 16
// With kColumns columns that is 24 sums, which leave 8 of the 32 registers for weights and inputs.
#define SPIQ_TILE_LANES 4
#define SPIQ_OUTER_SUMS 24
#include "backend/cpu/layer_kernels.inl.h"

namespace spiq {

template <>
LayerKernels<float> neonKernels<float>() {
  return kernels<float>();
}

template <>
LayerKernels<double> neonKernels<double>() {
  return kernels<double>();
}

}  // namespace spiq
