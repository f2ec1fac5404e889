#include <cstdint>

#include <immintrin.h>

#include "backend/cpu/add_where.inl.h"
#include "backend/cpu/list_steps.inl.h"

namespace spiq {
namespace {

__m256 fusedMultiplyAdd(__m256 a, __m256 b, __m256 c) {
  return _mm256_fmadd_ps(a, b, c);
}

__m256d fusedMultiplyAdd(__m256d a, __m256d b, __m256d c) {
  return _mm256_fmadd_pd(a, b, c);
}

// For every byte the places of its bits that are set.
struct BitPlaces {
  std::uint8_t of[256][8];
};
constexpr BitPlaces bitPlaces() {
  BitPlaces places{};
  for (unsigned byte = 0; byte < 256; ++byte) {
    unsigned count = 0;
    for (unsigned bit = 0; bit < 8; ++bit) {
      if ((byte >> bit & 1U) != 0) places.of[byte][count++] = static_cast<std::uint8_t>(bit);
    }
  }
  return places;
}
constexpr BitPlaces kBitPlaces = bitPlaces();

// Writes first + i for every of 16 words whose bit `step` is set, and up to 8 entries beyond;
// returns the end.
inline std::uint32_t* listUnits(const std::uint32_t* words, int step, std::uint32_t first,
                                std::uint32_t* to) {
  const __m128i toSign = _mm_cvtsi32_si128(31 - step);
  for (std::uint32_t half = 0; half < 16; half += 8) {
    const __m256i loaded = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(words + half));
    const auto fired = static_cast<unsigned>(
        _mm256_movemask_ps(_mm256_castsi256_ps(_mm256_sll_epi32(loaded, toSign))));
    const __m256i places = _mm256_cvtepu8_epi32(
        _mm_loadl_epi64(reinterpret_cast<const __m128i*>(kBitPlaces.of[fired])));
    const __m256i units =
        _mm256_add_epi32(places, _mm256_set1_epi32(static_cast<int>(first + half)));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), units);
    to += __builtin_popcount(fired);
  }
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
#define SPIQ_OUTER_SUMS 12
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
