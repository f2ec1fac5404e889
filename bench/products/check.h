#pragma once
#include <cstdint>
#include <vector>

#include "candidate.h"

namespace products {

struct Operands {
  std::vector<float> a, b;
};
Operands makeOperands(const Case& shape);

struct Verdict {
  double largestError;  // |c - truth| / sum of |a||b|, in float64, over all elements
  std::uint64_t bits;   // hash of the result, to compare between runs and thread counts
  bool repeats;         // five more calls give the same bits
  bool checksRow;       // row 0 alone is a product of its own unless a is stored transposed
  bool rowIndependent;  // row 0 computed alone has the bits of row 0 of the batch
};
Verdict check(const Multiply& multiply, const Case& shape, const Operands& operands);

}  // namespace products
