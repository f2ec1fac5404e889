#pragma once

#include <vector>

#include "base/neuron.h"

namespace spiq::tests {

// The parameters of every combination of settings that a graph permits.
template <class Real>
std::vector<NeuronParams<Real>> allSettings() {
  std::vector<NeuronParams<Real>> settings;
  const auto add = [&](const NeuronSpec& spec, Semantics semantics) {
    for (const bool fires : {true, false}) {
      settings.push_back(neuronParams<Real>(spec, semantics, fires));
    }
  };
  for (const Reset reset : {Reset::Subtraction, Reset::Zero, Reset::Value}) {
    for (const double leak : {1.0, 0.8}) {
      NeuronSpec spec;
      spec.reset = reset;
      spec.threshold = 0.7;
      spec.resetValue = reset == Reset::Value ? -0.1 : 0;
      spec.alpha = 1 - leak;
      spec.beta = leak;
      if (reset != Reset::Value) add(spec, Semantics::Dsqn);
      for (const int refractory : {0, 2}) {
        for (const int burst : {1, 3}) {
          spec.refractory = refractory;
          spec.burst = burst;
          spec.ternary = false;
          add(spec, Semantics::Direct);
          spec.ternary = true;
          if (reset == Reset::Subtraction) add(spec, Semantics::Direct);
        }
      }
    }
  }
  return settings;
}

}  // namespace spiq::tests
