#pragma once

#include "core/graph/graph.h"

namespace spiq {

// Puts each batch norm and each scale into what lies right before it, if nothing else uses that: a
// weighted node, another scale, or the input, which then changes observations before they are
// encoded (not in a spiking network, whose input may be given spikes). Otherwise into the dense
// node or the conv without padding right behind it (padding brings zeros that the norm has not
// shifted). What finds neither is a scale. Computed in double and rounded once, however many norms
// a node takes.
Result<Graph> foldBatchNorm(const Graph& graph);

}  // namespace spiq
