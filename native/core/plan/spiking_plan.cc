#include "core/plan/spiking_plan.h"

#include <cmath>

#include "core/convert/to_spiking.h"

namespace spiq {

namespace {

Status checkOptions(const SimulationOptions& options) {
  if (options.steps < 1 || options.steps > kMaxSteps) {
    return mismatch(Code::Range, "steps (T)",
                    "a whole number from 1 to " + std::to_string(kMaxSteps),
                    std::to_string(options.steps));
  }
  if (options.epsilon && !(*options.epsilon >= 0 && *options.epsilon < 0.5)) {
    return mismatch(Code::Range, "epsilon", "a number from 0 to below 0.5",
                    showNumber(*options.epsilon));
  }
  if (options.semantics != Semantics::Dsqn) return {};
  const std::string hint = " (semantics 'direct' has it)";
  if (options.encoding == Encoding::Latency) {
    return mismatch(Code::Unsupported, "encoding",
                    "constant, poisson, equidistant or spikes in semantics 'dsqn'",
                    "'latency'" + hint);
  }
  if (options.decoding == Decoding::MeanPotential || options.decoding == Decoding::MaxPotential) {
    return mismatch(Code::Unsupported, "decoding",
                    "potential, spikes or first_spike in semantics 'dsqn'",
                    "a mean or maximum potential" + hint);
  }
  return {};
}

NeuronSpec withOverrides(NeuronSpec spec, const SimulationOptions& options) {
  spec.threshold = options.threshold.value_or(spec.threshold);
  spec.alpha = options.alpha.value_or(spec.alpha);
  spec.beta = options.beta.value_or(spec.beta);
  if (options.reset && *options.reset != spec.reset) {
    spec.reset = *options.reset;
    if (spec.reset != Reset::Value) spec.resetValue = 0;
  }
  return spec;
}

Status checkForDsqn(const NeuronSpec& spec, const std::string& label) {
  if (spec.reset == Reset::Value || spec.refractory != 0 || spec.ternary || spec.burst != 1) {
    return mismatch(
        Code::Unsupported, label,
        "reset 'subtraction' or 'zero' and plain units in semantics 'dsqn'",
        "a reset value, refractory steps, ternary units or bursts (semantics 'direct' has them)");
  }
  return {};
}

// W as given, or [W; -W] with the row of the constant observation last.
template <class Real>
DenseData<Real> firstLayer(const DenseNode& dense, const SimulationOptions& options) {
  if (!options.twoInputNeurons) return DenseData<Real>(dense);
  const std::int64_t bias = options.biasAsObservation ? 1 : 0;
  const std::int64_t plain = dense.inputs() - bias;
  DenseData<Real> data(2 * plain + bias, dense.outputs());
  for (std::int64_t input = 0; input < plain; ++input) {
    data.setRow(input, dense, input, Real{1});
    data.setRow(plain + input, dense, input, Real{-1});
  }
  if (bias == 1) data.setRow(2 * plain, dense, plain, Real{1});
  if (dense.bias) std::copy(dense.bias->data.begin(), dense.bias->data.end(), data.bias.begin());
  return data;
}

// The parameters of the neuron or accumulator node behind a dense layer.
template <class Real>
Result<NeuronParams<Real>> paramsOf(const Node& node, bool last, const SimulationOptions& options,
                                    double epsilon) {
  NeuronSpec spec;
  bool fires = !last || outputFires(options.decoding);
  if (const auto* neuron = std::get_if<NeuronNode>(&node.body)) {
    spec = neuron->spec;
  } else if (const auto* accumulator = std::get_if<AccumulatorNode>(&node.body)) {
    spec.alpha = accumulator->alpha;
    spec.beta = accumulator->beta;
    if (!last)
      return mismatch(Code::Unsupported, node.label(), "accumulators at the output only",
                      "a hidden one");
    if (fires) {
      return mismatch(Code::Argument, "decoding",
                      "a potential, since " + node.label() + " never fires", "a count of spikes");
    }
  } else {
    return mismatch(Code::Unsupported, "layer before " + node.label(),
                    "neurons behind every dense node", "none");
  }
  spec = withOverrides(spec, options);
  if (Status status = NeuronNode{spec}.validate(node.label()); !status.ok()) return status;
  if (options.semantics == Semantics::Dsqn) {
    if (Status status = checkForDsqn(spec, node.label()); !status.ok()) return status;
  }
  const NeuronParams<Real> params = neuronParams<Real>(spec, options.semantics, epsilon, fires);
  // What is a fine double may be 0 or infinite as a float.
  if (!(params.threshold > 0) || !std::isfinite(params.threshold) ||
      !std::isfinite(params.resetValue)) {
    return mismatch(Code::Range, node.label() + " threshold and resetValue",
                    "numbers within the precision's range",
                    showNumber(spec.threshold) + " and " + showNumber(spec.resetValue));
  }
  return params;
}

}  // namespace

template <class Real>
Result<SpikingPlan<Real>> compileSpiking(const Graph& graph, const SimulationOptions& options) {
  if (Status status = checkOptions(options); !status.ok()) return status;
  const Result<Graph> spiking = toSpiking(graph, NeuronSpec());
  if (!spiking.ok()) return spiking.status();
  const Result<Chain> chain = asChain(spiking.value());
  if (!chain.ok()) return chain.status();
  const double epsilon = options.epsilon.value_or(graph.epsilon);

  SpikingPlan<Real> plan;
  plan.options = options;
  plan.observationSize = chain.value().inputSize() - (options.biasAsObservation ? 1 : 0);
  if (plan.observationSize < 1) {
    return mismatch(Code::Shape, "inputs of the network",
                    "one for the bias observation and at least one more",
                    std::to_string(chain.value().inputSize()));
  }
  const std::vector<const Node*>& nodes = chain.value().nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (std::holds_alternative<InputNode>(nodes[i]->body) ||
        std::holds_alternative<FlattenNode>(nodes[i]->body)) {
      continue;
    }
    const auto* dense = std::get_if<DenseNode>(&nodes[i]->body);
    if (dense == nullptr || i + 1 == nodes.size()) {
      return mismatch(Code::Unsupported, nodes[i]->label(),
                      "dense layers, each with neurons right behind it", "another order");
    }
    ++i;
    auto params = paramsOf<Real>(*nodes[i], i + 1 == nodes.size(), options, epsilon);
    if (!params.ok()) return params.status();
    plan.layers.push_back(
        {nodes[i]->name,
         plan.layers.empty() ? firstLayer<Real>(*dense, options) : DenseData<Real>(*dense),
         params.take()});
  }
  if (plan.layers.empty())
    return mismatch(Code::Graph, "network", "at least one dense layer", "none");
  return plan;
}

template Result<SpikingPlan<float>> compileSpiking<float>(const Graph&, const SimulationOptions&);
template Result<SpikingPlan<double>> compileSpiking<double>(const Graph&, const SimulationOptions&);

}  // namespace spiq
