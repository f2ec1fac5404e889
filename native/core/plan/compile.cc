#include "core/plan/compiler.h"
#include "core/plan/neuron_options.h"
#include "core/plan/split_input.h"

namespace spiq {

template <class Real>
Result<Plan<Real>> compileFloat(const Graph& graph) {
  const Result<Arrangement> order = arrange(graph);
  if (!order.ok()) return order.status();
  return Compiler<Real>(order.value(), nullptr, 0).compile();
}

template <class Real>
Result<Plan<Real>> compileSpikes(const Graph& graph, const SimulationOptions& options) {
  if (Status status = checkOptions(options); !status.ok()) return status;
  const Result<Graph> split = splitInput(graph, options);
  if (!split.ok()) return split.status();
  const Result<Arrangement> order = arrange(split.value());
  if (!order.ok()) return order.status();
  const Node& last = *order.value().places[order.value().output].node;
  if (last.as<NeuronNode>() == nullptr && last.as<AccumulatorNode>() == nullptr) {
    return mismatch(Code::Unsupported, "output of the network", "neurons or an accumulator",
                    last.label());
  }
  return Compiler<Real>(order.value(), &options, options.epsilon.value_or(graph.epsilon)).compile();
}

template Result<Plan<float>> compileFloat<float>(const Graph&);
template Result<Plan<double>> compileFloat<double>(const Graph&);
template Result<Plan<float>> compileSpikes<float>(const Graph&, const SimulationOptions&);
template Result<Plan<double>> compileSpikes<double>(const Graph&, const SimulationOptions&);

}  // namespace spiq
