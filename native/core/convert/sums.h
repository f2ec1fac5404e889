#pragma once

#include <vector>

#include "core/graph/graph.h"

namespace spiq {

// The weighted nodes and scales whose sums reach what place `index` gives with no ReLU on the way,
// that of `index` itself not counted.
std::vector<const Node*> sumsInto(const Arrangement& arrangement, std::size_t index);

// Of a weighted node; 0 for others.
double largestParameter(const Node& node);
// The largest over units or channels of (sum of positive weights + positive part of the bias).
double largestPositiveSum(const Node& node);

}  // namespace spiq
