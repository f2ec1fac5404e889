#pragma once

#include <cmath>

#include "core/learn/training_options.h"

namespace spiq {

constexpr double kPi = 3.14159265358979323846;

// The surrogate's derivative at x = potential - threshold; 0 where x lies below all numbers.
template <class Real>
Real surrogateAt(SurrogateKind kind, Real slope, Real x) {
  switch (kind) {
    case SurrogateKind::FastSigmoid: {
      const Real part = Real{1} / (slope * std::abs(x) + Real{1});
      return part * part;
    }
    case SurrogateKind::Arctan: {
      const Real part = static_cast<Real>(kPi / 2) * slope * x;
      return Real{1} / (Real{1} + part * part);
    }
    case SurrogateKind::Sigmoid: {
      const Real part = Real{1} / (Real{1} + std::exp(-slope * x));
      return slope * part * (Real{1} - part);
    }
    case SurrogateKind::Piecewise:
      break;
  }
  return std::max(Real{0}, Real{1} - slope * std::abs(x));
}

}  // namespace spiq
