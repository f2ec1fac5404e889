#pragma once

#include <cmath>
#include <random>

namespace spiq::tests {

// The same numbers in every run: a failure can be repeated.
inline std::mt19937 seeded(unsigned seed) {
  return std::mt19937(seed);
}

// Bit for bit: equal, zeros of the same sign. (No test here lets a NaN arise.)
template <class Real>
bool sameBits(Real a, Real b) {
  return a == b && std::signbit(a) == std::signbit(b);
}

}  // namespace spiq::tests
