#pragma once

#include <limits>
#include <string>
#include <vector>

#include "base/shape.h"

namespace spiq {

// Values that training moves, as they lie for the kernels. Padding, and places between groups, are
// 0 and have gradients of 0, so that whoever moves the values may treat all alike.
template <class Real>
struct Parameter {
  std::string node;
  std::string field;  // weight, bias, thresholds, alpha, beta, factor, offset, scale, shift
  View<Real> values;
  View<Real> gradient;
  // Where the values must stay, as a decay from 0 to 1.
  double least = -std::numeric_limits<double>::infinity();
  double most = std::numeric_limits<double>::infinity();
};

// Values of one field in the graph's own order and shape; none for a number.
template <class Real>
struct NamedValues {
  std::string node;
  std::string field;
  Shape shape;
  std::vector<Real> data;
};

}  // namespace spiq
