#include <cstdint>

#include <immintrin.h>

namespace spiq {
namespace {

__m512 fusedMultiplyAdd(__m512 a, __m512 b, __m512 c) {
  return _mm512_fmadd_ps(a, b, c);
}

__m512d fusedMultiplyAdd(__m512d a, __m512d b, __m512d c) {
  return _mm512_fmadd_pd(a, b, c);
}

// sum + value where the word has the bit.
template <class Words>
inline __m512 addWhere(Words words, Words bit, __m512 value, __m512 sum) {
  return _mm512_mask_add_ps(
      sum, _mm512_test_epi32_mask(reinterpret_cast<__m512i>(words), reinterpret_cast<__m512i>(bit)),
      sum, value);
}

template <class Words>
inline __m512d addWhere(Words words, Words bit, __m512d value, __m512d sum) {
  return _mm512_mask_add_pd(
      sum, _mm512_test_epi64_mask(reinterpret_cast<__m512i>(words), reinterpret_cast<__m512i>(bit)),
      sum, value);
}

// Writes tag + step * scale for every step whose bit is set, and up to 16 entries beyond; returns
// the end.
inline std::uint32_t* listSteps(std::uint32_t mask, std::uint32_t tag, std::uint32_t scale,
                                std::uint32_t* to) {
  const __m512i steps = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __m512i by = _mm512_set1_epi32(static_cast<int>(scale));
  const __m512i first =
      _mm512_add_epi32(_mm512_mullo_epi32(steps, by), _mm512_set1_epi32(static_cast<int>(tag)));
  const __m512i second = _mm512_add_epi32(first, _mm512_set1_epi32(static_cast<int>(scale << 4)));
  const auto low = static_cast<__mmask16>(mask);
  const auto high = static_cast<__mmask16>(mask >> 16);
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(low, first));
  to += __builtin_popcount(low);
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(high, second));
  return to + __builtin_popcount(high);
}

// Writes first + i for every of 16 words whose bit `step` is set, and up to 16 entries beyond;
// returns the end.
inline std::uint32_t* listUnits(const std::uint32_t* words, int step, std::uint32_t first,
                                std::uint32_t* to) {
  const __m512i order = _mm512_set_epi32(15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
  const __mmask16 fired = _mm512_test_epi32_mask(
      _mm512_loadu_si512(words), _mm512_set1_epi32(static_cast<int>(std::uint32_t{1} << step)));
  const __m512i units = _mm512_add_epi32(order, _mm512_set1_epi32(static_cast<int>(first)));
  _mm512_storeu_si512(to, _mm512_maskz_compress_epi32(fired, units));
  return to + __builtin_popcount(fired);
}

unsigned nonZeroWords(const std::uint32_t* words) {
  return _mm512_test_epi32_mask(_mm512_loadu_si512(words), _mm512_loadu_si512(words));
}

}  // namespace
}  // namespace spiq

#define SPIQ_LANE_BYTES 64
#define SPIQ_TILE_LANES 4
#define SPIQ_OUTER_SUMS 24
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
