// Included by the frames_<isa>.cc of x86-64 with vectors of 256 bits.
#include <cstddef>

#include <immintrin.h>

namespace spiq {
namespace {

template <class Real>
struct Block;

template <>
struct Block<double> {
  static constexpr std::size_t side = 4;

  static void transpose(const double* from, std::size_t fromStride, double* to,
                        std::size_t toStride) {
    // Rows y and y + 2 in the halves of a vector: the lower of columns 0 and 1, or of 2 and 3.
    const auto pair = [&](std::size_t y, std::size_t x) {
      const double* at = from + y * fromStride + x;
      return _mm256_insertf128_pd(_mm256_castpd128_pd256(_mm_loadu_pd(at)),
                                  _mm_loadu_pd(at + 2 * fromStride), 1);
    };
    for (std::size_t x = 0; x < side; x += 2) {
      const __m256d even = pair(0, x);
      const __m256d odd = pair(1, x);
      _mm256_storeu_pd(to + x * toStride, _mm256_unpacklo_pd(even, odd));
      _mm256_storeu_pd(to + (x + 1) * toStride, _mm256_unpackhi_pd(even, odd));
    }
  }
};

template <>
struct Block<float> {
  static constexpr std::size_t side = 8;

  static void transpose(const float* from, std::size_t fromStride, float* to,
                        std::size_t toStride) {
    // Rows y and y + 4 in the halves of a vector, four columns of each.
    const auto pair = [&](std::size_t y, std::size_t x) {
      const float* at = from + y * fromStride + x;
      return _mm256_insertf128_ps(_mm256_castps128_ps256(_mm_loadu_ps(at)),
                                  _mm_loadu_ps(at + 4 * fromStride), 1);
    };
    for (std::size_t x = 0; x < side; x += 4) {
      const __m256 low01 = _mm256_unpacklo_ps(pair(0, x), pair(1, x));
      const __m256 high01 = _mm256_unpackhi_ps(pair(0, x), pair(1, x));
      const __m256 low23 = _mm256_unpacklo_ps(pair(2, x), pair(3, x));
      const __m256 high23 = _mm256_unpackhi_ps(pair(2, x), pair(3, x));
      _mm256_storeu_ps(to + x * toStride, _mm256_shuffle_ps(low01, low23, 0x44));
      _mm256_storeu_ps(to + (x + 1) * toStride, _mm256_shuffle_ps(low01, low23, 0xee));
      _mm256_storeu_ps(to + (x + 2) * toStride, _mm256_shuffle_ps(high01, high23, 0x44));
      _mm256_storeu_ps(to + (x + 3) * toStride, _mm256_shuffle_ps(high01, high23, 0xee));
    }
  }
};

}  // namespace
}  // namespace spiq
