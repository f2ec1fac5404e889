#pragma once

#include <vector>

#include "core/graph/dense.h"
#include "core/plan/control.h"

namespace spiq {

// A dense layer of a network in training: weights [output][input], then biases, then initial
// potentials, with Adam's two moments for each.
struct RateLayer {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::vector<double> values;
  std::vector<double> first;
  std::vector<double> second;

  RateLayer(std::size_t in, std::size_t out)
      : inputs(in), outputs(out), values(out * (in + 2)), first(values), second(values) {}

  double& weight(std::size_t output, std::size_t input) { return values[output * inputs + input]; }
  double& bias(std::size_t output) { return values[outputs * inputs + output]; }
  double& initial(std::size_t output) { return values[outputs * (inputs + 1) + output]; }
};

// A batch of [row][unit].
struct Batch {
  std::size_t rows = 0;
  std::size_t units = 0;
  std::vector<float> values;

  Batch() = default;
  Batch(std::size_t rowCount, std::size_t unitCount)
      : rows(rowCount), units(unitCount), values(rowCount * unitCount) {}
  float* row(std::size_t index) { return &values[index * units]; }
  const float* row(std::size_t index) const { return &values[index * units]; }
};

// What the layer's rates would be with no limit: W x + b.
Batch sumsOf(RateLayer& layer, const Batch& inputs, Control& control);
// From the errors of the outputs: those of the inputs.
Batch errorsBefore(RateLayer& layer, const Batch& errors, Control& control);
// Gradients of all values, in their order. An initial potential acts like a bias in one step.
std::vector<double> gradientOf(const RateLayer& layer, const Batch& inputs, const Batch& errors,
                               Control& control);
void adamStep(RateLayer& layer, const std::vector<double>& gradient, double rate, int step,
              bool movesInitials);

}  // namespace spiq
