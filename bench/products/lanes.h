// One vector register of floats at the instruction level this file is compiled for. Everything
// lives in the namespace PRODUCTS_LEVEL, so the copies compiled at different levels never meet in
// the linker.
#pragma once
#include <cstring>
#if defined(__AVX2__) || defined(__AVX512F__)
#include <immintrin.h>
#endif

namespace products::PRODUCTS_LEVEL {

#if defined(__AVX512F__)
using Lanes = __m512;
constexpr int laneCount = 16;
constexpr int tileRows = 12;  // 12 x 2 sums, 2 of b, 1 broadcast: 27 of 32 registers
inline Lanes zero() {
  return _mm512_setzero_ps();
}
inline Lanes broadcast(float x) {
  return _mm512_set1_ps(x);
}
inline Lanes multiplyAdd(Lanes x, Lanes y, Lanes sum) {
  return _mm512_fmadd_ps(x, y, sum);
}
inline Lanes load(const float* p) {
  return _mm512_loadu_ps(p);
}
inline void store(float* p, Lanes x) {
  _mm512_storeu_ps(p, x);
}
inline __mmask16 firstLanes(int count) {
  return static_cast<__mmask16>((1u << count) - 1u);
}
inline Lanes load(const float* p, int count) {
  return _mm512_maskz_loadu_ps(firstLanes(count), p);
}
inline void store(float* p, Lanes x, int count) {
  _mm512_mask_storeu_ps(p, firstLanes(count), x);
}

#elif defined(__AVX2__) && defined(__FMA__)
using Lanes = __m256;
constexpr int laneCount = 8;
constexpr int tileRows = 6;  // 6 x 2 sums, 2 of b, 1 broadcast: 15 of 16 registers
inline Lanes zero() {
  return _mm256_setzero_ps();
}
inline Lanes broadcast(float x) {
  return _mm256_set1_ps(x);
}
inline Lanes multiplyAdd(Lanes x, Lanes y, Lanes sum) {
  return _mm256_fmadd_ps(x, y, sum);
}
inline Lanes load(const float* p) {
  return _mm256_loadu_ps(p);
}
inline void store(float* p, Lanes x) {
  _mm256_storeu_ps(p, x);
}
inline __m256i firstLanes(int count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
inline Lanes load(const float* p, int count) {
  return _mm256_maskload_ps(p, firstLanes(count));
}
inline void store(float* p, Lanes x, int count) {
  _mm256_maskstore_ps(p, firstLanes(count), x);
}

#else
typedef float Lanes __attribute__((vector_size(16)));
constexpr int laneCount = 4;
constexpr int tileRows = 6;
inline Lanes zero() {
  return Lanes{};
}
inline Lanes broadcast(float x) {
  return Lanes{x, x, x, x};
}
// Two roundings where the other levels have one: a software fmaf costs more than the whole product.
inline Lanes multiplyAdd(Lanes x, Lanes y, Lanes sum) {
  return sum + x * y;
}
inline Lanes load(const float* p, int count) {
  Lanes x{};
  std::memcpy(&x, p, static_cast<std::size_t>(count) * sizeof(float));
  return x;
}
inline void store(float* p, Lanes x, int count) {
  std::memcpy(p, &x, static_cast<std::size_t>(count) * sizeof(float));
}
inline Lanes load(const float* p) {
  return load(p, laneCount);
}
inline void store(float* p, Lanes x) {
  store(p, x, laneCount);
}
#endif

}  // namespace products::PRODUCTS_LEVEL
