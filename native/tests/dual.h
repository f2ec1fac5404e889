#pragma once

#include <vector>

// A number that carries a derivative along.

namespace spiq::tests {

struct Dual {
  double value = 0;
  double slope = 0;
};
inline Dual operator+(Dual a, Dual b) {
  return {a.value + b.value, a.slope + b.slope};
}
inline Dual operator-(Dual a, Dual b) {
  return {a.value - b.value, a.slope - b.slope};
}
inline Dual operator*(Dual a, Dual b) {
  return {a.value * b.value, a.value * b.slope + a.slope * b.value};
}
inline Dual constant(double value) {
  return {value, 0};
}
using Duals = std::vector<Dual>;

}  // namespace spiq::tests
