#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "backend/cpu/avx_blocks.inl.h"
#include "backend/cpu/cpu_frames.h"

namespace spiq {
namespace {

// Of 8 pixels.
inline __m256i luminanceOf(const std::uint8_t* rgb) {
  const __m128i first = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rgb));
  const __m128i last = _mm_loadu_si128(reinterpret_cast<const __m128i*>(rgb + 8));
  const __m256i bytes = _mm256_inserti128_si256(_mm256_castsi128_si256(first), last, 1);
  // Each pixel's bytes as words of 16 bits: red and green, blue and 0.
  const __m256i redGreen =
      _mm256_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1, 4, -1, 5, -1, 7, -1,
                       8, -1, 10, -1, 11, -1, 13, -1, 14, -1);
  const __m256i blue =
      _mm256_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1, 6, -1, -1, -1,
                       9, -1, -1, -1, 12, -1, -1, -1, 15, -1, -1, -1);
  return _mm256_add_epi32(
      _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, redGreen), _mm256_set1_epi32(7152 << 16 | 2126)),
      _mm256_madd_epi16(_mm256_shuffle_epi8(bytes, blue), _mm256_set1_epi32(722)));
}

inline void put(__m256i values, float* into) {
  _mm256_storeu_ps(into, _mm256_cvtepi32_ps(values));
}

inline void put(__m256i values, std::int32_t* into) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(into), values);
}

inline void putDoubles(const std::int32_t* values, double* into) {
  for (int half = 0; half < 8; half += 4) {
    const __m128i four = _mm_loadu_si128(reinterpret_cast<const __m128i*>(values + half));
    _mm256_storeu_pd(into + half, _mm256_cvtepi32_pd(four));
  }
}

constexpr std::size_t kPixels = 8;

}  // namespace
}  // namespace spiq

#include "backend/cpu/vector_luminance.inl.h"

#define SPIQ_LANE_BYTES 32
#include "backend/cpu/frame_kernels.inl.h"

namespace spiq {

FrameKernels avx2FrameKernels() {
  return frameKernels();
}

}  // namespace spiq
