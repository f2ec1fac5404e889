#pragma once

#include <vector>

#include "core/convert/sites.h"

namespace spiq {

// By how much the values at a site are divided: one number for each channel, or a single one.
using Scales = std::vector<double>;

struct Normalised {
  Graph graph;
  // As applied, in the order of the sites, one for each channel: channels that are mixed further on
  // have one scale in common, the largest that was given for them.
  std::vector<Scales> scales;
};

// Weight normalisation (Diehl et al., "Fast-classifying, high-accuracy spiking deep networks",
// IJCNN 2015), by channel where the scales are: every sum that leads from values divided by s to a
// site of scale t is multiplied by s / t, its bias by 1 / t. The input has scale 1. Where branches
// of unequal scales meet, or values that nothing rescales reach a site, a scale node evens them out
// (Hu et al., "Spiking Deep Residual Networks", IEEE TNNLS 2021). Sums that lead to no site keep
// the float network's units. Of a prepared graph, with a scale for each of its sites.
Result<Normalised> normalise(const Graph& graph, const std::vector<Scales>& scales);

}  // namespace spiq
