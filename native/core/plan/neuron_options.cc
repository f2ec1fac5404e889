#include "core/plan/neuron_options.h"

#include <algorithm>
#include <cmath>

namespace spiq {

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

namespace {

NeuronNode withOverrides(NeuronNode node, const SimulationOptions& options) {
  NeuronSpec& spec = node.spec;
  if (options.threshold) {
    spec.threshold = *options.threshold;
    node.thresholds.reset();
  }
  spec.alpha = options.alpha.value_or(spec.alpha);
  spec.beta = options.beta.value_or(spec.beta);
  if (options.reset && *options.reset != spec.reset) {
    spec.reset = *options.reset;
    if (spec.reset != Reset::Value) spec.resetValue = 0;
  }
  return node;
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

// [size], which is a multiple of `stride`: each channel's, over and over. Padding units have no
// input and stay silent whatever the others' parameters are.
template <class Real, class Of>
AlignedVector<Real> repeated(std::size_t size, const Layout& layout, Real padding, const Of& of) {
  AlignedVector<Real> all(size, padding);
  for (std::size_t unit = 0; unit < size; ++unit) {
    const std::size_t channel = unit % static_cast<std::size_t>(layout.stride);
    if (channel < static_cast<std::size_t>(layout.channels)) all[unit] = of(channel);
  }
  return all;
}

double valueOf(const std::optional<Tensor>& values, double other, std::size_t channel) {
  return values ? values->data[channel] : other;
}

Result<NeuronNode> nodeOf(const Node& node, bool output, const SimulationOptions& options) {
  if (const auto* neuron = node.as<NeuronNode>()) return withOverrides(*neuron, options);
  NeuronNode neuron;
  neuron.spec.alpha = node.as<AccumulatorNode>()->alpha;
  neuron.spec.beta = node.as<AccumulatorNode>()->beta;
  neuron.initials = node.as<AccumulatorNode>()->initials;
  if (!output) {
    return mismatch(Code::Unsupported, node.label(), "accumulators at the output only",
                    "a hidden one");
  }
  if (outputFires(options.decoding)) {
    return mismatch(Code::Argument, "decoding",
                    "a potential, since " + node.label() + " never fires", "a count of spikes");
  }
  return withOverrides(neuron, options);
}

// What is a fine double may be 0 or infinite as a float.
template <class Real>
Status checkRange(const NeuronOp<Real>& op, const NeuronNode& neuron, const std::string& label) {
  const auto usable = [](Real value) { return value > 0 && std::isfinite(value); };
  const auto finite = [](Real value) { return std::isfinite(value); };
  const auto all = [](const auto& values, const auto& test) {
    return std::all_of(values.begin(), values.end(), test);
  };
  if (all(op.thresholds, usable) && all(op.negatives, usable) && all(op.initials, finite) &&
      std::isfinite(op.params.resetValue))
    return {};
  return mismatch(
      Code::Range, label + " threshold and resetValue", "numbers within the precision's range",
      showNumber(neuron.lowestThreshold()) + " and " + showNumber(neuron.spec.resetValue));
}

}  // namespace

template <class Real>
Result<NeuronOp<Real>> neuronOp(const Node& node, const Layout& layout, bool output,
                                const SimulationOptions& options, double epsilon) {
  const Result<NeuronNode> read = nodeOf(node, output, options);
  if (!read.ok()) return read.status();
  const NeuronNode& neuron = read.value();
  if (Status status = neuron.validate(node.label()); !status.ok()) return status;
  if (options.semantics == Semantics::Dsqn) {
    if (Status status = checkForDsqn(neuron.spec, node.label()); !status.ok()) return status;
  }
  const bool fires = !output || outputFires(options.decoding);
  // Repeated for narrow layers, of which several positions go through a tile together.
  const auto stride = static_cast<std::size_t>(
      std::max(kTileUnits / layout.stride, std::int64_t{1}) * layout.stride);
  const auto compared = [&](std::size_t channel, double times) {
    return comparedThreshold<Real>(valueOf(neuron.thresholds, neuron.spec.threshold, channel),
                                   options.semantics, epsilon, times);
  };
  const auto threshold = [&](std::size_t channel) { return compared(channel, 1); };
  const auto negative = [&](std::size_t channel) {
    return compared(channel, valueOf(neuron.negatives, neuron.spec.negative, channel));
  };
  const auto initial = [&](std::size_t channel) {
    return static_cast<Real>(valueOf(neuron.initials, neuron.spec.initial, channel));
  };
  const NeuronOp<Real> op{
      node.name,
      neuronParams<Real>(neuron.spec, options.semantics, fires),
      repeated<Real>(stride, layout, 1, threshold),
      repeated<Real>(stride, layout, 1, negative),
      AlignedVector<Real>(stride, Real{0}),
      repeated<Real>(static_cast<std::size_t>(layout.stride), layout, 0, initial)};
  if (Status status = checkRange(op, neuron, node.label()); !status.ok()) return status;
  return op;
}

template Result<NeuronOp<float>> neuronOp<float>(const Node&, const Layout&, bool,
                                                 const SimulationOptions&, double);
template Result<NeuronOp<double>> neuronOp<double>(const Node&, const Layout&, bool,
                                                   const SimulationOptions&, double);

}  // namespace spiq
