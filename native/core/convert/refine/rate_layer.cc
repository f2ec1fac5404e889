#include "core/convert/refine/rate_layer.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace spiq {

namespace {

// Kingma and Ba's.
constexpr double kFirstDecay = 0.9;
constexpr double kSecondDecay = 0.999;
// Gradients are small: means over a batch of what one row contributes.
constexpr double kTiny = 1e-10;

void addScaled(float* to, const float* from, float factor, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] += factor * from[i];
}

void forRows(std::size_t rows, Control& control, const std::function<void(std::size_t)>& body) {
  constexpr std::size_t kTogether = 64;
  control.pool.run((rows + kTogether - 1) / kTogether, control.threads,
                   [&](std::size_t group, std::size_t /*worker*/) {
                     const std::size_t end = std::min(rows, (group + 1) * kTogether);
                     for (std::size_t row = group * kTogether; row < end; ++row) body(row);
                   });
}

}  // namespace

Batch sumsOf(RateLayer& layer, const Batch& inputs, Control& control) {
  std::vector<float> transposed(layer.inputs * layer.outputs);
  std::vector<float> biases(layer.outputs);
  for (std::size_t o = 0; o < layer.outputs; ++o) {
    biases[o] = static_cast<float>(layer.bias(o));
    for (std::size_t i = 0; i < layer.inputs; ++i)
      transposed[i * layer.outputs + o] = static_cast<float>(layer.weight(o, i));
  }
  Batch sums(inputs.rows, layer.outputs);
  forRows(inputs.rows, control, [&](std::size_t row) {
    std::copy(biases.begin(), biases.end(), sums.row(row));
    for (std::size_t i = 0; i < layer.inputs; ++i) {
      if (inputs.row(row)[i] != 0)
        addScaled(sums.row(row), &transposed[i * layer.outputs], inputs.row(row)[i], layer.outputs);
    }
  });
  return sums;
}

Batch errorsBefore(RateLayer& layer, const Batch& errors, Control& control) {
  const std::vector<float> weights(
      layer.values.begin(),
      layer.values.begin() + static_cast<std::ptrdiff_t>(layer.inputs * layer.outputs));
  Batch before(errors.rows, layer.inputs);
  forRows(errors.rows, control, [&](std::size_t row) {
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      if (errors.row(row)[o] != 0)
        addScaled(before.row(row), &weights[o * layer.inputs], errors.row(row)[o], layer.inputs);
    }
  });
  return before;
}

std::vector<double> gradientOf(const RateLayer& layer, const Batch& inputs, const Batch& errors,
                               Control& control) {
  std::vector<double> gradient(layer.values.size());
  control.pool.run(layer.outputs, control.threads, [&](std::size_t o, std::size_t /*worker*/) {
    std::vector<float> weights(layer.inputs);
    double bias = 0;
    for (std::size_t row = 0; row < errors.rows; ++row) {
      const float error = errors.row(row)[o];
      if (error == 0) continue;
      bias += error;
      addScaled(weights.data(), inputs.row(row), error, layer.inputs);
    }
    std::copy(weights.begin(), weights.end(), &gradient[o * layer.inputs]);
    gradient[layer.outputs * layer.inputs + o] = bias;
    gradient[layer.outputs * (layer.inputs + 1) + o] = bias;
  });
  return gradient;
}

void adamStep(RateLayer& layer, const std::vector<double>& gradient, double rate, int step,
              bool movesInitials) {
  const std::size_t moved = layer.outputs * (layer.inputs + (movesInitials ? 2 : 1));
  const double firstShare = 1 - std::pow(kFirstDecay, step);
  const double secondShare = 1 - std::pow(kSecondDecay, step);
  for (std::size_t i = 0; i < moved; ++i) {
    const double g = gradient[i];
    layer.first[i] = kFirstDecay * layer.first[i] + (1 - kFirstDecay) * g;
    layer.second[i] = kSecondDecay * layer.second[i] + (1 - kSecondDecay) * g * g;
    layer.values[i] -=
        rate * (layer.first[i] / firstShare) / (std::sqrt(layer.second[i] / secondShare) + kTiny);
  }
}

}  // namespace spiq
