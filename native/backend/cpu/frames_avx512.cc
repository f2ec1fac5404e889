#include <cstddef>
#include <cstdint>

#include <immintrin.h>

#include "backend/cpu/avx_blocks.inl.h"
#include "backend/cpu/cpu_frames.h"

namespace spiq {
namespace {

// Every lane: with a mask GCC 12 does not warn of what its own headers leave uninitialised.
constexpr __mmask16 kAll = 0xffff;

// Of 16 pixels.
inline __m512i luminanceOf(const std::uint8_t* rgb) {
  const __m512i loaded = _mm512_maskz_loadu_epi32(0x0fff, rgb);
  // Four pixels into each quarter.
  const __m512i places = _mm512_setr_epi32(0, 1, 2, 0, 3, 4, 5, 0, 6, 7, 8, 0, 9, 10, 11, 0);
  const __m512i bytes = _mm512_maskz_permutexvar_epi32(kAll, places, loaded);
  // Each pixel's bytes as words of 16 bits: red and green, blue and 0.
  const __m512i redGreen = _mm512_maskz_broadcast_i32x4(
      kAll, _mm_setr_epi8(0, -1, 1, -1, 3, -1, 4, -1, 6, -1, 7, -1, 9, -1, 10, -1));
  const __m512i blue = _mm512_maskz_broadcast_i32x4(
      kAll, _mm_setr_epi8(2, -1, -1, -1, 5, -1, -1, -1, 8, -1, -1, -1, 11, -1, -1, -1));
  return _mm512_add_epi32(
      _mm512_madd_epi16(_mm512_shuffle_epi8(bytes, redGreen), _mm512_set1_epi32(7152 << 16 | 2126)),
      _mm512_madd_epi16(_mm512_shuffle_epi8(bytes, blue), _mm512_set1_epi32(722)));
}

inline void put(__m512i values, float* into) {
  _mm512_storeu_ps(into, _mm512_maskz_cvtepi32_ps(kAll, values));
}

inline void put(__m512i values, std::int32_t* into) {
  _mm512_storeu_si512(into, values);
}

inline void putDoubles(const std::int32_t* values, double* into) {
  _mm512_storeu_pd(into, _mm512_maskz_cvtepi32_pd(
                             0xff, _mm256_loadu_si256(reinterpret_cast<const __m256i*>(values))));
}

constexpr std::size_t kPixels = 16;

}  // namespace
}  // namespace spiq

#include "backend/cpu/vector_luminance.inl.h"

#define SPIQ_LANE_BYTES 64
#include "backend/cpu/frame_kernels.inl.h"

namespace spiq {

FrameKernels avx512FrameKernels() {
  return frameKernels();
}

}  // namespace spiq
