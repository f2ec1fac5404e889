#include "check.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace products {
namespace {

// A 64-bit linear congruential generator (Knuth's MMIX constants); the top 24 bits give [-1, 1).
void fill(std::vector<float>& values, std::uint64_t seed) {
  for (float& value : values) {
    seed = seed * 6364136223846793005U + 1442695040888963407U;
    value = static_cast<float>(static_cast<double>(seed >> 40U) / (1U << 23U) - 1.0);
  }
}

std::uint64_t hashOf(const std::vector<float>& values) {  // FNV-1a over 32-bit words
  std::uint64_t hash = 14695981039346656037U;
  for (const float value : values) {
    std::uint32_t word;
    std::memcpy(&word, &value, sizeof word);
    hash = (hash ^ word) * 1099511628211U;
  }
  return hash;
}

bool sameBits(const float* x, const float* y, std::size_t count) {
  return std::memcmp(x, y, count * sizeof(float)) == 0;
}

double largestErrorOf(const Case& s, const Operands& in, const std::vector<float>& c) {
  const auto rows = static_cast<std::size_t>(s.rows), depth = static_cast<std::size_t>(s.depth);
  const auto columns = static_cast<std::size_t>(s.columns);
  std::vector<double> b(depth * columns);  // plain layout, so that the inner loop is contiguous
  for (std::size_t k = 0; k < depth; ++k)
    for (std::size_t j = 0; j < columns; ++j)
      b[k * columns + j] = in.b[s.transposeB ? j * depth + k : k * columns + j];
  std::vector<double> truth(columns), size(columns);
  double largest = 0;
  for (std::size_t i = 0; i < rows; ++i) {
    std::fill(truth.begin(), truth.end(), 0.0);
    std::fill(size.begin(), size.end(), 0.0);
    for (std::size_t k = 0; k < depth; ++k) {
      const double x = in.a[s.transposeA ? k * rows + i : i * depth + k];
      for (std::size_t j = 0; j < columns; ++j) {
        const double term = x * b[k * columns + j];
        truth[j] += term;
        size[j] += std::fabs(term);
      }
    }
    for (std::size_t j = 0; j < columns; ++j) {
      const double error = std::fabs(c[i * columns + j] - truth[j]) / size[j];
      largest = std::isnan(error) ? error : std::max(largest, error);
      if (std::isnan(largest)) return largest;
    }
  }
  return largest;
}

}  // namespace

Operands makeOperands(const Case& s) {
  Operands in;
  in.a.resize(static_cast<std::size_t>(s.rows) * static_cast<std::size_t>(s.depth));
  in.b.resize(static_cast<std::size_t>(s.depth) * static_cast<std::size_t>(s.columns));
  fill(in.a, 1);
  fill(in.b, 2);
  return in;
}

Verdict check(const Multiply& multiply, const Case& s, const Operands& in) {
  const auto columns = static_cast<std::size_t>(s.columns);
  const std::size_t count = static_cast<std::size_t>(s.rows) * columns;
  // NaN where a candidate forgets to write; guard elements after the end catch overruns.
  constexpr std::size_t guards = 64;
  const float unwritten = std::numeric_limits<float>::quiet_NaN();
  std::vector<float> c(count + guards, unwritten);
  multiply(s, in.a.data(), in.b.data(), c.data());
  const std::vector<float> first(c.begin(), c.begin() + static_cast<std::ptrdiff_t>(count));
  Verdict verdict{largestErrorOf(s, in, first), hashOf(first), true, !s.transposeA, true};
  for (std::size_t i = 0; i < guards; ++i)
    if (!sameBits(&c[count + i], &unwritten, 1)) verdict.largestError = unwritten;
  for (int repeat = 0; repeat < 5; ++repeat) {
    std::fill(c.begin(), c.end(), unwritten);
    multiply(s, in.a.data(), in.b.data(), c.data());
    verdict.repeats = verdict.repeats && sameBits(c.data(), first.data(), count);
  }
  if (verdict.checksRow) {
    Case alone = s;
    alone.rows = 1;
    multiply(alone, in.a.data(), in.b.data(), c.data());
    verdict.rowIndependent = sameBits(c.data(), first.data(), columns);
  }
  return verdict;
}

}  // namespace products
