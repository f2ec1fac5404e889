#include "core/plan/compiler.h"
#include "core/plan/neuron_options.h"
#include "core/plan/split_input.h"

namespace spiq {

namespace {

// `observed`: values of an observation, without a bias that is appended as another.
template <class Real>
Intake<Real> intakeOf(const Arrangement& order, std::int64_t observed) {
  const auto& node = *order.places.front().node->as<InputNode>();
  Intake<Real> intake;
  if (!node.changesValues()) return intake;
  const std::int64_t each = order.inputSize() / node.shape.front();
  for (std::int64_t i = 0; i < observed; ++i) {
    const auto channel = static_cast<std::size_t>(i / each);
    intake.factor.push_back(node.factor ? static_cast<Real>(node.factor->data[channel]) : Real{1});
    intake.offset.push_back(node.offset ? static_cast<Real>(node.offset->data[channel]) : Real{0});
  }
  return intake;
}

}  // namespace

template <class Real>
Result<Plan<Real>> compileFloat(const Graph& graph) {
  const Result<Arrangement> order = arrange(graph);
  if (!order.ok()) return order.status();
  Result<Plan<Real>> plan = Compiler<Real>(order.value(), nullptr, 0).compile();
  if (plan.ok()) plan.value().intake = intakeOf<Real>(order.value(), order.value().inputSize());
  return plan;
}

template <class Real>
Result<Plan<Real>> compileSpikes(const Graph& graph, const SimulationOptions& options) {
  if (Status status = checkOptions(options); !status.ok()) return status;
  const Result<Arrangement> given = arrange(graph);
  if (!given.ok()) return given.status();
  const Node& input = *given.value().places.front().node;
  if (options.encoding == Encoding::Spikes && input.as<InputNode>()->changesValues()) {
    return mismatch(Code::Unsupported, "encoding 'spikes'",
                    "an input without factor and offset, which given spikes do not have",
                    input.label() + " with them");
  }
  const Result<Graph> split = splitInput(graph, options);
  if (!split.ok()) return split.status();
  const Result<Arrangement> order = arrange(split.value());
  if (!order.ok()) return order.status();
  const Node& last = *order.value().places[order.value().output].node;
  if (last.as<NeuronNode>() == nullptr && last.as<AccumulatorNode>() == nullptr) {
    return mismatch(Code::Unsupported, "output of the network", "neurons or an accumulator",
                    last.label());
  }
  Result<Plan<Real>> plan =
      Compiler<Real>(order.value(), &options, options.epsilon.value_or(graph.epsilon)).compile();
  if (plan.ok()) {
    const std::int64_t bias = options.biasAsObservation ? 1 : 0;
    plan.value().intake = intakeOf<Real>(given.value(), given.value().inputSize() - bias);
  }
  return plan;
}

template Result<Plan<float>> compileFloat<float>(const Graph&);
template Result<Plan<double>> compileFloat<double>(const Graph&);
template Result<Plan<float>> compileSpikes<float>(const Graph&, const SimulationOptions&);
template Result<Plan<double>> compileSpikes<double>(const Graph&, const SimulationOptions&);

}  // namespace spiq
