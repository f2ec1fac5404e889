#pragma once

#include "core/graph/graph.h"

namespace spiq {

// Every ReLU becomes a layer of neurons, a leaky one a layer of signed neurons, and a network that
// ends without one gets neurons at its end: whether these fire or only integrate is settled by the
// decoding. Outputs begin at potential 0 whatever `spec` says, since a potential that is read
// counts all of it. Layers with no ReLU between them pass on the sums of each step as they are. A
// graph that is spiking already comes back unchanged.
Result<Graph> toSpiking(const Graph& graph, const NeuronSpec& spec);

}  // namespace spiq
