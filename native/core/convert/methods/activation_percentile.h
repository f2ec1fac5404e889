#pragma once

#include "core/convert/methods/scale_method.h"

namespace spiq {

// The percentile p of all activations of a layer or channel that are not 0 (Rueckauer et al.,
// "Conversion of continuous-valued deep networks to efficient event-driven networks for image
// classification", Front. Neurosci. 2017, section 2.2.2); p = 1 is their maximum. A channel that
// was never active hardly ever fires. The read-out has one scale for all its units.
Result<std::vector<Scales>> activationPercentile(const Statistics& statistics,
                                                 const ScaleOptions& options);

}  // namespace spiq
