#pragma once

#include "core/graph/graph.h"

namespace spiq {

// Dense layers, scales and sums of vectors with no ReLU between them become one dense layer for
// each activation that they read: the two streams of a dueling network, W2 (W1 x + b1) + b2.
// Computed in double and rounded once. Where the product would have more weights than its factors,
// as behind a bottleneck, both stay.
Result<Graph> mergeLinear(const Graph& graph);

}  // namespace spiq
