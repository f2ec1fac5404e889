#include <algorithm>
#include <cmath>

#include "core/graph/weighted.h"
#include "core/learn/trained_parts.h"

// From parameters to what the plan computes with, and back; and to the graph.

namespace spiq {

// A matrix of n inputs, and a constant one where that is appended, becomes [W; -W], the constant
// last.
template <class Real>
template <class Use>
void Trained<Real>::eachFoldedRow(const Linear& linear, const Use& use) const {
  const LinearView<Real> view = linear.folded->view();
  const std::int64_t bias = options_.spiking()->biasAsObservation ? 1 : 0;
  const std::int64_t plain = view.channels - bias;
  for (std::int64_t tile = 0; tile < linear.folded->out().tiles(); ++tile) {
    const std::int64_t width = view.tileWidth(tile);
    const std::int64_t own = tile * kTileUnits * view.channels;
    const std::int64_t doubled = tile * kTileUnits * (2 * plain + bias);
    for (std::int64_t row = 0; row < view.channels; ++row) {
      const bool split = row < plain;
      use(own + row * width, doubled + (split ? row : 2 * plain) * width,
          split ? doubled + (plain + row) * width : -1, width);
    }
  }
}

template <class Real>
void Trained<Real>::unfold(Linear& linear) {
  const Real* from = linear.folded->weights().data();
  Real* to = linear.data->weights().data();
  eachFoldedRow(linear,
                [&](std::int64_t own, std::int64_t above, std::int64_t below, std::int64_t width) {
                  std::copy_n(from + own, width, to + above);
                  for (std::int64_t i = 0; i < width && below >= 0; ++i)
                    to[below + i] = -from[own + i];
                });
}

template <class Real>
void Trained<Real>::fold(Linear& linear) {
  const Real* from = linear.weight.data();
  Real* to = linear.ofFolded.data();
  eachFoldedRow(linear,
                [&](std::int64_t own, std::int64_t above, std::int64_t below, std::int64_t width) {
                  for (std::int64_t i = 0; i < width; ++i)
                    to[own + i] = from[above + i] - (below >= 0 ? from[below + i] : Real{0});
                });
}

// As scaleOf does: rounded to what a graph holds.
template <class Real>
void Trained<Real>::settleNorm(Linear& linear) {
  const BatchNormNode& norm = *linear.norm;
  for (std::size_t c = 0; c < norm.scale.data.size(); ++c) {
    const double factor =
        static_cast<double>(linear.scale[c]) / std::sqrt(norm.variance.data[c] + norm.epsilon);
    linear.data->weights()[c] = static_cast<Real>(static_cast<float>(factor));
    linear.data->bias()[c] = static_cast<Real>(
        static_cast<float>(static_cast<double>(linear.shift[c]) - norm.mean.data[c] * factor));
  }
}

template <class Real>
void Trained<Real>::settleNeuron(Neuron& neuron) {
  NeuronOp<Real>& op = *neuron.op;
  if (!neuron.alpha.empty()) op.params.alpha = neuron.alpha[0];
  if (!neuron.beta.empty()) op.params.beta = neuron.beta[0];
  if (neuron.thresholds.empty()) return;
  const double epsilon = options_.spiking()->epsilon.value_or(graph_.epsilon);
  const bool each = neuron.node->thresholds.has_value();
  const std::size_t channels = each ? neuron.node->thresholds->data.size() : neuron.channels;
  for (std::size_t unit = 0; unit < op.thresholds.size(); ++unit) {
    const std::size_t channel = unit % op.initials.size();
    if (channel >= channels) continue;
    const auto threshold = static_cast<double>(neuron.thresholds[each ? channel : 0]);
    const double times = neuron.node->negatives
                             ? static_cast<double>(neuron.node->negatives->data[channel])
                             : neuron.node->spec.negative;
    op.thresholds[unit] = comparedThreshold<Real>(threshold, op.params.semantics, epsilon);
    op.negatives[unit] = comparedThreshold<Real>(threshold, op.params.semantics, epsilon, times);
  }
}

template <class Real>
void Trained<Real>::settle() {
  for (auto& linear : linears_) {
    if (linear == nullptr) continue;
    if (linear->folded != nullptr) unfold(*linear);
    if (linear->norm != nullptr) settleNorm(*linear);
    linear->data->repeatBias();
  }
  for (auto& neuron : neurons_) {
    if (neuron != nullptr) settleNeuron(*neuron);
  }
}

template <class Real>
void Trained<Real>::collect() {
  for (auto& linear : linears_) {
    if (linear == nullptr) continue;
    if (linear->folded != nullptr) fold(*linear);
    if (linear->norm == nullptr) continue;
    const BatchNormNode& norm = *linear->norm;
    for (std::size_t c = 0; c < norm.scale.data.size(); ++c) {
      const double each = 1 / std::sqrt(norm.variance.data[c] + norm.epsilon);
      linear->ofShift[c] = linear->bias[c];
      linear->ofScale[c] =
          (linear->weight[c] - static_cast<Real>(norm.mean.data[c]) * linear->bias[c]) *
          static_cast<Real>(each);
    }
  }
  for (auto& neuron : neurons_) {
    if (neuron == nullptr || neuron->thresholds.empty()) continue;
    const AlignedVector<Real>& from = neuron->gradient.ofThresholds;
    const Real times = comparedThreshold<Real>(
        1, neuron->op->params.semantics, options_.spiking()->epsilon.value_or(graph_.epsilon));
    if (neuron->node->thresholds) {
      for (std::size_t c = 0; c < from.size(); ++c) neuron->ofThresholds[c] = times * from[c];
    } else {
      Real sum{0};
      for (const Real value : from) sum += value;
      neuron->ofThresholds[0] = times * sum;
    }
  }
}

namespace {

void write(Node& node, const std::string& field, std::vector<float> data, double number) {
  if (auto* neuron = std::get_if<NeuronNode>(&node.body)) {
    if (field == "thresholds" && neuron->thresholds) neuron->thresholds->data = std::move(data);
    if (field == "threshold") neuron->spec.threshold = number;
    if (field == "alpha") neuron->spec.alpha = number;
    if (field == "beta") neuron->spec.beta = number;
  } else if (auto* accumulator = std::get_if<AccumulatorNode>(&node.body)) {
    (field == "alpha" ? accumulator->alpha : accumulator->beta) = number;
  } else if (auto* scale = std::get_if<ScaleNode>(&node.body)) {
    if (field == "factor") {
      scale->factor.data = std::move(data);
    } else if (scale->offset) {
      scale->offset->data = std::move(data);
    }
  } else if (auto* norm = std::get_if<BatchNormNode>(&node.body)) {
    (field == "scale" ? norm->scale : norm->shift).data = std::move(data);
  } else {
    withWeights(node, [&](auto& body) {
      (field == "weight" ? body.weight : *body.bias).data = std::move(data);
    });
  }
}

template <class To, class Real>
std::vector<To> inOrder(const Real* values, const Shape& shape, const LinearData<Real>* packed) {
  std::vector<To> data;
  if (packed != nullptr) {
    packed->eachWeight([&](std::size_t at) { data.push_back(static_cast<To>(values[at])); });
    return data;
  }
  const std::int64_t count = shape.empty() ? 1 : shape[0];
  std::transform(values, values + count, std::back_inserter(data),
                 [](Real value) { return static_cast<To>(value); });
  return data;
}

}  // namespace

template <class Real>
Graph Trained<Real>::graph() const {
  Graph now = graph_;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Field& field = fields_[i];
    const Real* values = parameters_[i].values.data;
    write(now.nodes[field.node], parameters_[i].field,
          inOrder<float>(values, field.shape, field.packed), static_cast<double>(*values));
  }
  return now;
}

template <class Real>
std::vector<NamedValues<Real>> Trained<Real>::gradients() const {
  std::vector<NamedValues<Real>> all;
  for (std::size_t i = 0; i < fields_.size(); ++i) {
    const Parameter<Real>& parameter = parameters_[i];
    all.push_back({parameter.node, parameter.field, fields_[i].shape,
                   inOrder<Real>(parameter.gradient.data, fields_[i].shape, fields_[i].packed)});
  }
  return all;
}

template void Trained<float>::settle();
template void Trained<double>::settle();
template void Trained<float>::collect();
template void Trained<double>::collect();
template Graph Trained<float>::graph() const;
template Graph Trained<double>::graph() const;
template std::vector<NamedValues<float>> Trained<float>::gradients() const;
template std::vector<NamedValues<double>> Trained<double>::gradients() const;

}  // namespace spiq
