#pragma once

#include "core/sim/simulate.h"
#include "tests/training_graphs.h"

// Spiking networks in many settings, and what the simulator makes of them.

namespace spiq::tests {

struct Setting {
  NeuronSpec spec;
  TrainingOptions training;
  SimulationOptions simulation;
  bool perChannel = false;
  bool accumulates = false;  // the output

  TrainingOptions options() const {
    TrainingOptions all = training;
    all.simulation = simulation;
    all.surrogate.slope = 2.5;
    return all;
  }
};

inline Setting direct(Reset reset = Reset::Subtraction, double alpha = 0, double beta = 1) {
  Setting setting;
  setting.simulation.steps = 12;
  setting.spec.reset = reset;
  if (reset == Reset::Value) setting.spec.resetValue = -0.2;
  setting.spec.alpha = alpha;
  setting.spec.beta = beta;
  setting.spec.threshold = 0.7;
  return setting;
}

inline Setting dsqn(Reset reset = Reset::Subtraction, double alpha = 0, double beta = 1) {
  Setting setting = direct(reset, alpha, beta);
  setting.simulation.semantics = Semantics::Dsqn;
  return setting;
}

inline Graph denseNetwork(const Setting& setting, unsigned seed) {
  std::mt19937 random = seeded(seed);
  NeuronNode neuron;
  neuron.spec = setting.spec;
  NeuronNode first = neuron;
  if (setting.perChannel) {
    first.thresholds = drawn({19}, 0.2, random, 0.8);
    first.initials = drawn({19}, 0.3, random);
    if (setting.spec.ternary) first.negatives = drawn({19}, 0.2, random, 1.2);
  }
  const NodeBody output = setting.accumulates
                              ? NodeBody(AccumulatorNode{setting.spec.alpha, setting.spec.beta})
                              : NodeBody(neuron);
  return chained({{"x", InputNode{{4}}},
                  {"fc1", drawnDense(19, 4, 0.7, random)},
                  {"n1", first},
                  {"fc2", drawnDense(7, 19, 0.5, random, false)},
                  {"n2", neuron},
                  {"fc3", drawnDense(3, 7, 0.8, random)},
                  {"n3", output}});
}

inline Setting learning(Setting setting, bool attached = false) {
  setting.training.thresholds = true;
  setting.training.alpha = setting.training.beta = true;
  setting.training.attachedReset = attached;
  return setting;
}

template <class Real>
std::vector<Real> simulated(const Graph& graph, const SimulationOptions& options,
                            const std::vector<Real>& observations, std::uint64_t seed) {
  const auto simulation =
      Simulation<Real>::make(graph, options, *findBackend<Real>("cpu", "baseline").take()).take();
  SimulationInput<Real> input;
  input.observations = {observations.data(), observations.size()};
  input.rows = observations.size() / static_cast<std::size_t>(simulation->observationSize());
  input.seed = seed;
  input.firstObservation = 5;
  ThreadPool pool(1);
  Control control{pool, 1};
  return simulation->run(input, {}, control).take().out;
}

template <class Real>
void expectSimulated(const Graph& graph, const TrainingOptions& options, unsigned seed) {
  std::mt19937 random = seeded(seed);
  Trainee<Real> trainee(graph, options, "", 2);
  const auto observations =
      drawnReals<Real>(5 * static_cast<std::size_t>(trainee.pass->inputs()), 1.5, random);
  std::vector<Real> expected = simulated(graph, *options.spiking(), observations, seed);
  for (Real& value : expected) {
    if (std::isnan(value)) value = Real{0};
  }
  for (const bool keep : {true, false})
    EXPECT_TRUE(trainee.forward(observations, keep, {seed, 5}) == expected);
}

}  // namespace spiq::tests
