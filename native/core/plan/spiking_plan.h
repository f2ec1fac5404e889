#pragma once

#include <string>
#include <vector>

#include "core/graph/graph.h"
#include "core/plan/dense_data.h"
#include "core/plan/simulation_options.h"

namespace spiq {

template <class Real>
struct SpikingLayer {
  std::string name;  // of the neuron node
  DenseData<Real> dense;
  NeuronParams<Real> params;
};

// A spiking network compiled for simulation. Layers run in order; each sees the spikes that the one
// before fired in the same step.
template <class Real>
struct SpikingPlan {
  SimulationOptions options;
  std::int64_t observationSize = 0;  // values the user gives for one observation
  std::vector<SpikingLayer<Real>> layers;

  std::int64_t encodedInputs() const { return layers.front().dense.inputs; }
  std::int64_t outputs() const { return layers.back().dense.units; }
};

// A graph that is still float is first taken through toSpiking as it stands.
template <class Real>
Result<SpikingPlan<Real>> compileSpiking(const Graph& graph, const SimulationOptions& options);

}  // namespace spiq
