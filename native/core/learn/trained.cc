#include "core/learn/trained.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "core/graph/weighted.h"
#include "core/learn/trained_parts.h"

namespace spiq {

namespace {

std::size_t nodeNamed(const Graph& graph, const std::string& name) {
  const auto at = std::find_if(graph.nodes.begin(), graph.nodes.end(),
                               [&](const Node& node) { return node.name == name; });
  return static_cast<std::size_t>(at - graph.nodes.begin());
}

template <class Real>
AlignedVector<Real> padded(const std::vector<float>& data, std::int64_t stride) {
  AlignedVector<Real> all(static_cast<std::size_t>(stride), Real{0});
  std::copy(data.begin(), data.end(), all.begin());
  return all;
}

Status checkOverrides(const TrainingOptions& options) {
  if (!options.simulation) return {};
  const SimulationOptions& simulation = *options.simulation;
  const std::pair<bool, const char*> both[] = {
      {options.thresholds && simulation.threshold.has_value(), "threshold"},
      {options.alpha && simulation.alpha.has_value(), "alpha"},
      {options.beta && simulation.beta.has_value(), "beta"}};
  for (const auto& [clash, name] : both) {
    if (!clash) continue;
    return mismatch(Code::Argument, std::string("option ") + name,
                    "none where the nodes' own are trained", "a value in place of theirs");
  }
  return {};
}

}  // namespace

template <class Real>
Trained<Real>::~Trained() = default;

template <class Real>
Trained<Real>::Trained(Graph graph, TrainingOptions options, Plan<Real>& plan)
    : graph_(std::move(graph)),
      options_(std::move(options)),
      plan_(plan),
      linears_(plan.operations.size()),
      neurons_(plan.operations.size()) {}

template <class Real>
Result<std::unique_ptr<Trained<Real>>> Trained<Real>::make(const Graph& graph,
                                                           const TrainingOptions& options,
                                                           Plan<Real>& plan) {
  if (Status status = checkOverrides(options); !status.ok()) return status;
  std::unique_ptr<Trained> trained(new Trained(graph, options, plan));
  if (Status status = trained->check(); !status.ok()) return status;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    Operation<Real>& operation = plan.operations[i];
    const std::size_t node = nodeNamed(graph, operation.name);
    if (node == graph.nodes.size() || trained->isFrozen(operation.name)) continue;
    if (operation.template as<LinearData<Real>>() != nullptr) trained->addLinear(i, node);
    if (operation.template as<NeuronOp<Real>>() != nullptr) trained->addNeuron(i, node);
  }
  if (trained->parameters_.empty())
    return mismatch(Code::Argument, "network in training", "at least one value to train", "none");
  return trained;
}

template <class Real>
bool Trained<Real>::isFrozen(const std::string& node) const {
  return std::find(options_.frozen.begin(), options_.frozen.end(), node) != options_.frozen.end();
}

template <class Real>
Status Trained<Real>::check() const {
  for (const std::string& name : options_.frozen) {
    if (nodeNamed(graph_, name) != graph_.nodes.size()) continue;
    return mismatch(Code::Argument, "frozen nodes", "names of the network's nodes",
                    "'" + name + "'");
  }
  return {};
}

template <class Real>
Parameter<Real>& Trained<Real>::add(std::size_t node, const char* field, Shape shape,
                                    View<Real> values, Real* gradient,
                                    const LinearData<Real>* packed) {
  Parameter<Real> parameter;
  parameter.node = graph_.nodes[node].name;
  parameter.field = field;
  parameter.values = values;
  parameter.gradient = {gradient, values.size};
  parameters_.push_back(std::move(parameter));
  fields_.push_back({node, std::move(shape), packed});
  return parameters_.back();
}

template <class Real>
void Trained<Real>::addLinear(std::size_t operation, std::size_t node) {
  auto& data = *plan_.operations[operation].template as<LinearData<Real>>();
  const Node& from = graph_.nodes[node];
  linears_[operation] = std::make_unique<Linear>();
  Linear& linear = *linears_[operation];
  linear.data = &data;
  const auto stride = static_cast<std::size_t>(data.out().stride);
  linear.weight.assign(data.weights().size(), Real{0});
  linear.bias.assign(stride, Real{0});
  const View<Real> bias{data.bias(), stride};
  const View<Real> weights{data.weights().data(), data.weights().size()};
  if (const auto* scale = from.as<ScaleNode>()) {
    add(node, "factor", scale->factor.shape, weights, linear.weight.data(), &data);
    if (scale->offset) add(node, "offset", scale->offset->shape, bias, linear.bias.data());
    linear.hasBias = scale->offset.has_value();
  } else if (const auto* norm = from.as<BatchNormNode>()) {
    linear.norm = norm;
    linear.scale = padded<Real>(norm->scale.data, data.out().stride);
    linear.shift = padded<Real>(norm->shift.data, data.out().stride);
    linear.ofScale.assign(stride, Real{0});
    linear.ofShift.assign(stride, Real{0});
    linear.hasBias = true;
    add(node, "scale", norm->scale.shape, {linear.scale.data(), stride}, linear.ofScale.data());
    add(node, "shift", norm->shift.shape, {linear.shift.data(), stride}, linear.ofShift.data());
  } else {
    withWeights(from, [&](const auto& body) {
      const Shape& shape = body.weight.shape;
      const auto* dense = from.as<DenseNode>();
      if (dense != nullptr && dense->inputs() != data.in().channels) {
        linear.folded = std::make_unique<LinearData<Real>>(*dense);
        AlignedVector<Real>& own = linear.folded->weights();
        linear.ofFolded.assign(own.size(), Real{0});
        add(node, "weight", shape, {own.data(), own.size()}, linear.ofFolded.data(),
            linear.folded.get());
      } else {
        add(node, "weight", shape, weights, linear.weight.data(), &data);
      }
      if (body.bias) add(node, "bias", body.bias->shape, bias, linear.bias.data());
      linear.hasBias = body.bias.has_value();
    });
  }
}

template <class Real>
void Trained<Real>::addNeuron(std::size_t operation, std::size_t node) {
  auto& op = *plan_.operations[operation].template as<NeuronOp<Real>>();
  const Node& from = graph_.nodes[node];
  const auto* body = from.as<NeuronNode>();
  auto made = std::make_unique<Neuron>();
  NeuronGradient& gradient = made->gradient;
  gradient.thresholds = options_.thresholds && op.params.fires;
  gradient.alpha = options_.alpha;
  gradient.beta = options_.beta;
  if (!gradient.any()) return;
  neurons_[operation] = std::move(made);
  Neuron& neuron = *neurons_[operation];
  neuron.op = &op;
  neuron.node = body;
  const Layout& layout = plan_.layoutOf(plan_.operations[operation].to);
  neuron.channels = static_cast<std::size_t>(layout.channels);
  neuron.gradient.ofThresholds.assign(op.initials.size(), Real{0});
  if (gradient.thresholds) {
    const auto& each = body->thresholds;
    neuron.thresholds = each ? padded<Real>(each->data, layout.stride)
                             : AlignedVector<Real>{static_cast<Real>(body->spec.threshold)};
    neuron.ofThresholds.assign(neuron.thresholds.size(), Real{0});
    Parameter<Real>& parameter =
        add(node, each ? "thresholds" : "threshold", each ? each->shape : Shape(),
            {neuron.thresholds.data(), neuron.thresholds.size()}, neuron.ofThresholds.data());
    parameter.least =
        std::min(body->lowestThreshold(), kLeastThreshold + std::max(0.0, body->spec.resetValue));
  }
  const auto decay = [&](const char* field, AlignedVector<Real>& value, Real now, Real& of) {
    value.assign(1, now);
    Parameter<Real>& parameter = add(node, field, {}, {value.data(), 1}, &of);
    parameter.least = 0;
    parameter.most = 1;
  };
  if (gradient.alpha) decay("alpha", neuron.alpha, op.params.alpha, neuron.gradient.ofAlpha);
  if (gradient.beta) decay("beta", neuron.beta, op.params.beta, neuron.gradient.ofBeta);
}

template <class Real>
bool Trained<Real>::changes(std::size_t operation) const {
  return linears_[operation] != nullptr || neurons_[operation] != nullptr;
}

template <class Real>
Real* Trained<Real>::weightGradient(std::size_t operation) {
  return linears_[operation] == nullptr ? nullptr : linears_[operation]->weight.data();
}

template <class Real>
std::size_t Trained<Real>::weightParameter(std::size_t operation) const {
  const Linear* linear = linears_[operation].get();
  if (linear == nullptr) return parameters_.size();
  const auto is = [&](const Parameter<Real>& p) {
    return p.gradient.data == linear->weight.data();
  };
  const auto found = std::find_if(parameters_.begin(), parameters_.end(), is);
  return static_cast<std::size_t>(found - parameters_.begin());
}

template <class Real>
Real* Trained<Real>::biasGradient(std::size_t operation) {
  Linear* linear = linears_[operation].get();
  return linear == nullptr || !linear->hasBias ? nullptr : linear->bias.data();
}

template <class Real>
auto Trained<Real>::neuronGradient(std::size_t operation) -> NeuronGradient* {
  return neurons_[operation] == nullptr ? nullptr : &neurons_[operation]->gradient;
}

template class Trained<float>;
template class Trained<double>;

}  // namespace spiq
