#pragma once

#include "core/convert/methods/scale_method.h"

namespace spiq {

// As the published Deep Spiking Q-Networks compute them (C. Hahn, TUM, 2020, after Diehl et al.,
// IJCNN 2015, and Rueckauer et al., Front. Neurosci. 2017), one scale a layer.

// `robust`: the larger of the layer's largest weight or bias and the percentile p of the rows'
// layer maxima, sorted[int(p * (N - 1))], without interpolation; p = 1 is the method `data`.
Result<std::vector<Scales>> publishedRobust(const Statistics& statistics, double percentile);

// `model`: the larger of the largest weight or bias and the largest, over units or channels, of
// (sum of positive weights + positive part of the bias). It looks at the original weights, without
// the scale of the layer before: not Diehl's bound where that exceeds 1.
Result<std::vector<Scales>> publishedModel(const Graph& prepared);

}  // namespace spiq
