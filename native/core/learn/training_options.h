#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/surrogate.h"
#include "core/plan/simulation_options.h"

namespace spiq {

struct TrainingOptions {
  std::optional<SimulationOptions> simulation;  // of graphs with neurons, and of those alone
  Surrogate surrogate;
  bool attachedReset = false;  // whether gradients flow through the reset too
  // What is trained beside weights, biases, scales and shifts.
  bool thresholds = false;
  bool alpha = false;
  bool beta = false;
  std::vector<std::string> frozen;  // nodes that keep what they have

  // Null for graphs without neurons.
  const SimulationOptions* spiking() const { return simulation ? &*simulation : nullptr; }
};

}  // namespace spiq
