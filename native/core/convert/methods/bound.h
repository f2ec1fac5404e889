#pragma once

#include "core/convert/methods/scale_method.h"

namespace spiq {

// What any element of an observation may be, before the input's factor and offset.
struct InputRange {
  double low = 0;
  double high = 1;
};

// The largest activation that a layer can have for inputs of this range, given what the layer
// before can have: the model-based bound of Diehl et al., "Fast-classifying, high-accuracy spiking
// deep networks" (IJCNN 2015, algorithm 1), by interval arithmetic and with biases. No unit ever
// asks for more than one spike a step.
Result<std::vector<Scales>> modelBound(const Graph& prepared, const InputRange& range);

}  // namespace spiq
