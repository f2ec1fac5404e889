#pragma once

#include "core/graph/graph.h"

namespace spiq {

// Puts each batch norm into the weighted node right before it, if nothing else uses that one, or
// else into the dense node or the conv without padding right behind it (padding brings zeros that
// the norm has not shifted). Computed in double and rounded once, however many norms a node takes.
// E_UNSUPPORTED with the node's name where neither is there.
Result<Graph> foldBatchNorm(const Graph& graph);

}  // namespace spiq
