#pragma once

#include <vector>

#include "core/convert/activations.h"

namespace spiq {

// Weight normalisation (Diehl et al., "Fast-classifying, high-accuracy spiking deep networks",
// IJCNN 2015; the robust percentile after Rueckauer et al., "Conversion of continuous-valued deep
// networks", Front. Neurosci. 2017), as the published Deep Spiking Q-Networks compute it: every
// weighted layer, the last included, gets one scale s_l, and W_l <- W_l * s_(l-1) / s_l,
// b_l <- b_l / s_l, where s_(l-1) is the scale of what the layer takes. Layers are counted in the
// order of the arrangement.

// s_l = max(largest weight or bias, the percentile p of the rows' layer maxima); p = 1 is the
// method `data`. The percentile is sorted[int(p * (N - 1))], without interpolation.
Result<std::vector<double>> percentileScales(const Graph& graph, const LayerMaxima& maxima,
                                             double percentile);

// s_l = max(largest weight or bias, max over units or channels of (sum of positive weights +
// positive part of the bias)). As published it looks at the original weights, without s_(l-1): not
// Diehl's bound where s_(l-1) > 1.
Result<std::vector<double>> modelScales(const Graph& graph);

// The graph with its weights and biases scaled, offsets and caps likewise. The input has scale 1,
// nodes without weights pass on the scale of what they take; where several come together, they must
// have the same.
Result<Graph> normalise(const Graph& graph, const std::vector<double>& scales);

}  // namespace spiq
