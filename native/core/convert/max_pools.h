#pragma once

#include "core/graph/graph.h"

namespace spiq {

// What stands for the largest of several activations where these are spikes.
enum class MaxPools : std::uint8_t {
  Gated,         // the spikes of the unit that has fired most
  Average,       // the mean, which the maximum is never below
  BeforeNeurons  // the largest of the neurons' inputs, step by step
};

// Of a spiking graph. With BeforeNeurons a pool and the neurons that it reads change places, which
// is refused by name where something else reads them too.
Result<Graph> withMaxPools(const Graph& graph, MaxPools choice);

}  // namespace spiq
