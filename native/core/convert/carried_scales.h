#pragma once

#include <optional>
#include <vector>

#include "core/graph/graph.h"

namespace spiq {

// What the channels (first dimension) of a value are divided by.
struct Carried {
  const std::vector<double>& scales;
  const Shape& shape;
};

// The scales of what a node gives that only rearranges or pools its inputs; none where the elements
// of one channel of the result would have different ones.
std::optional<std::vector<double>> carriedBehind(const Node& node,
                                                 const std::vector<Carried>& sources,
                                                 const Shape& shape);

// Whether channel c of the result is made of channel c of an input of this shape alone.
bool passesChannels(const Node& node, const Shape& in);

}  // namespace spiq
