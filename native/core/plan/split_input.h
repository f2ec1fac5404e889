#pragma once

#include "core/graph/graph.h"
#include "core/plan/simulation_options.h"

namespace spiq {

// With two input neurons the network reads [max(x, 0), max(-x, 0)], the constant observation last
// if there is one: the first fully connected layer's matrix becomes [W; -W], and what the input
// node does to values has to be done before. Other options leave the graph as it is.
Result<Graph> splitInput(const Graph& graph, const SimulationOptions& options);

}  // namespace spiq
