#pragma once

#include "core/convert/methods/scale_method.h"

namespace spiq {

// For each channel (or layer) the scale that keeps the expected square of the local conversion
// error smallest: what is clipped above `burst` spikes a step against what T steps cannot resolve
// below one spike, for neurons that start at half their threshold. After the local threshold
// balancing of Bu et al., "Inference-scale complexity in ANN-SNN conversion" (CVPR 2025), whose
// error this is; their iteration is replaced by a search over the histogram of the activations. The
// read-out does not fire: it has the largest output as its scale.
Result<std::vector<Scales>> thresholdBalancing(const Statistics& statistics,
                                               const ScaleOptions& options);

}  // namespace spiq
