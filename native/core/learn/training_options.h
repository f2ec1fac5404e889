#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/plan/simulation_options.h"

namespace spiq {

// The derivative that takes the place of a spike's, with x = potential - threshold and the slope k.
// - FastSigmoid: 1 / (k |x| + 1)^2 (SuperSpike: Zenke and Ganguli, Neural Computation 30, 2018;
//   k = 100 in the published spiking Q-networks)
// - Arctan: 1 / (1 + (pi k x / 2)^2) (Fang et al., "Incorporating learnable membrane time
// constant",
//   ICCV 2021)
// - Sigmoid: k g (1 - g), g = 1 / (1 + exp(-k x)) (Zenke and Vogels, Neural Computation 33, 2021)
// - Piecewise: max(0, 1 - k |x|) (Esser et al., "Convolutional networks for fast, energy-efficient
//   neuromorphic computing", PNAS 113, 2016)
enum class SurrogateKind : std::uint8_t { FastSigmoid, Arctan, Sigmoid, Piecewise };

struct Surrogate {
  SurrogateKind kind = SurrogateKind::FastSigmoid;
  double slope = 100.0;
};

struct TrainingOptions {
  std::optional<SimulationOptions> simulation;  // of graphs with neurons, and of those alone
  Surrogate surrogate;
  bool attachedReset = false;  // whether gradients flow through the reset too
  // What is trained beside weights, biases, scales and shifts.
  bool thresholds = false;
  bool alpha = false;
  bool beta = false;
  std::vector<std::string> frozen;  // nodes that keep what they have
};

}  // namespace spiq
