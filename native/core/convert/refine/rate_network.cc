#include "core/convert/refine/rate_network.h"

#include <cmath>

namespace spiq {

namespace {

// Of an input that never varies.
constexpr double kLeastDeviation = 1e-9;

}  // namespace

RateNetwork::RateNetwork(Draft& draft, const std::vector<std::string>& denseNodes,
                         const CalibrationRows& rows, double temperature)
    : names_(denseNodes),
      mean_(rows.width),
      deviation_(rows.width),
      outputUnit_(draft.scales.back().front() / temperature) {
  const auto count = static_cast<double>(rows.count());
  for (std::size_t i = 0; i < rows.values.size(); ++i) mean_[i % rows.width] += rows.values[i];
  for (double& mean : mean_) mean /= count;
  for (std::size_t i = 0; i < rows.values.size(); ++i)
    deviation_[i % rows.width] += std::pow(rows.values[i] - mean_[i % rows.width], 2);
  for (double& deviation : deviation_) deviation = std::sqrt(deviation / count) + kLeastDeviation;

  for (std::size_t l = 0; l < names_.size(); ++l) {
    const DenseNode& dense = *draft.node(names_[l]).as<DenseNode>();
    burst_ = draft.node(draft.neurons(l)).as<NeuronNode>()->spec.burst;
    const bool isLast = l + 1 == names_.size();
    const double unit = isLast ? outputUnit_ : 1.0;
    const std::vector<double> initials = draft.initials(l);
    RateLayer layer(static_cast<std::size_t>(dense.inputs()),
                    static_cast<std::size_t>(dense.outputs()));
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      layer.bias(o) = dense.bias ? dense.bias->data[o] * unit : 0.0;
      layer.initial(o) = initials[o];
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        const double weight = dense.weight.data[o * layer.inputs + i] * unit;
        layer.weight(o, i) = l == 0 ? weight * deviation_[i] : weight;
        if (l == 0) layer.bias(o) += weight * mean_[i];
      }
    }
    layers_.push_back(std::move(layer));
  }
}

void RateNetwork::writeTo(Draft& draft) {
  for (std::size_t l = 0; l < names_.size(); ++l) {
    auto& dense = std::get<DenseNode>(draft.node(names_[l]).body);
    RateLayer& layer = layers_[l];
    const bool isLast = l + 1 == names_.size();
    const double unit = isLast ? outputUnit_ : 1.0;
    if (!dense.bias) dense.bias = Tensor{{dense.outputs()}, std::vector<float>(layer.outputs)};
    std::vector<double> initials(layer.outputs);
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      double bias = layer.bias(o);
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        const double weight = l == 0 ? layer.weight(o, i) / deviation_[i] : layer.weight(o, i);
        if (l == 0) bias -= weight * mean_[i];
        dense.weight.data[o * layer.inputs + i] = static_cast<float>(weight / unit);
      }
      dense.bias->data[o] = static_cast<float>(bias / unit);
      initials[o] = layer.initial(o);
    }
    if (!isLast) draft.setInitials(l, initials);
  }
}

}  // namespace spiq
