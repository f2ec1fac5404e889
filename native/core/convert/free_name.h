#pragma once

#include <algorithm>
#include <string>

#include "core/graph/graph.h"

namespace spiq {

// The name, with a number behind it where a node of the graph has it already.
inline std::string freeName(const Graph& graph, const std::string& wish) {
  std::string name = wish;
  const auto taken = [&](const Node& node) { return node.name == name; };
  for (int i = 2; std::any_of(graph.nodes.begin(), graph.nodes.end(), taken); ++i)
    name = wish + std::to_string(i);
  return name;
}

}  // namespace spiq
