#pragma once

#include <vector>

#include "core/graph/shapes.h"

namespace spiq {

// For every output position (rows, then columns) the input position under each kernel position
// (rows, then columns), -1 beyond the edge. Shapes have channels first and one or two dimensions
// more.
std::vector<std::int32_t> slidingTaps(const Window& window, const Shape& in, const Shape& out);
// The same for a transposed convolution: -1 also where the stride leaves a gap.
std::vector<std::int32_t> spreadingTaps(const Window& window, const Shape& in, const Shape& out);

}  // namespace spiq
