#pragma once

#include "core/plan/plan.h"

namespace spiq {

Status checkOptions(const SimulationOptions& options);

// The parameters of a neuron or accumulator node under the run's options; `output`: it is the
// network's last.
template <class Real>
Result<NeuronOp<Real>> neuronOp(const Node& node, const Layout& layout, bool output,
                                const SimulationOptions& options, double epsilon);

}  // namespace spiq
