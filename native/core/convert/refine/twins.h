#pragma once

#include <vector>

#include "core/convert/refine/dense_sites.h"

namespace spiq {

struct Twinned {
  Graph graph;
  // Of the sites with twins the potential of each unit before the first step, in thresholds; empty
  // elsewhere.
  std::vector<std::vector<double>> phases;
};

// Units of dense layers that no row activates become copies of others: m units of one activation a,
// outgoing weights divided by m, computes what one did. Their spikes, however, come at m times the
// rate, and with initial potentials (i + 1/2) / m, i = 0 .. m - 1, evenly between one another: a
// sum of them is right to s / (2 m T) instead of s / (2 T). The copies go where that is worth most,
// to the unit with the largest (range of a) * |outgoing weights| / m; of weights that lead to the
// outputs only their differences count. (Splitting channels: Zhao et al., "Improving Neural Network
// Quantization without Retraining using Outlier Channel Splitting", ICML 2019.)
Twinned withTwins(const Graph& prepared, const std::vector<Site>& sites, const DenseSites& dense,
                  const std::vector<std::vector<double>>& activations);

}  // namespace spiq
