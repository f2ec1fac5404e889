#pragma once

#include "core/graph/graph.h"

namespace spiq {

// Every ReLU becomes a layer of neurons, and a last weighted layer without one gets neurons too:
// whether these fire or only integrate is settled by the decoding. Between a weighted layer and the
// next there must be a ReLU on every way, and before each ReLU a weighted layer; what breaks this
// is refused by name. A graph that is spiking already comes back unchanged.
Result<Graph> toSpiking(const Graph& graph, const NeuronSpec& spec);

}  // namespace spiq
