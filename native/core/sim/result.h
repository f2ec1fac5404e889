#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace spiq {

// What to keep of a run beside its outputs. `rasters` and `potentials` choose among plan.neurons;
// empty: none.
struct RecordRequest {
  bool totals = true;
  bool counts = false;
  bool trace = false;
  bool activity = false;
  bool operations = false;
  bool output = false;  // the output layer's spikes and potentials, step by step
  std::vector<bool> rasters;
  std::vector<bool> potentials;

  // Whether there is anything to do at all.
  bool any() const {
    return totals || counts || trace || activity || operations || output || !rasters.empty() ||
           !potentials.empty();
  }
};

// The state of one layer after every step: [steps][rows][units].
template <class Real>
struct LayerTrace {
  std::vector<Real> potential;
  std::vector<Real> current;
  std::vector<std::int8_t> spikes;
};

// The spikes of one layer, an entry for each unit and step that has some, by row, step and unit.
struct Raster {
  std::vector<std::int32_t> rows;
  std::vector<std::int32_t> steps;
  std::vector<std::int32_t> units;
  std::vector<std::int8_t> counts;  // negative for negative spikes
};

// What the synapses of a linear layer did, for each row.
struct LayerOperations {
  std::string name;
  std::vector<double> accumulates;          // additions that spikes caused
  std::vector<double> multiplyAccumulates;  // of real inputs
};

struct Operations {
  std::vector<LayerOperations> layers;
  double floatMultiplyAccumulates = 0;  // of one forward pass of the float network
};

template <class Real>
struct SimulationResult {
  std::vector<Real> out;            // [rows][outputs]
  std::vector<std::int32_t> steps;  // [rows], below T only where a row ends early
  std::vector<double> totalSpikes;  // [rows], all layers, negative ones counted as spikes
  std::vector<std::vector<std::int32_t>> counts;  // per firing layer [rows][units], on request
  std::vector<LayerTrace<Real>> traces;           // per layer, on request
  std::vector<std::vector<double>> activity;      // per firing layer [rows], on request
  std::vector<std::vector<Real>> potentials;      // per layer, empty where not chosen
  std::vector<Raster> rasters;                    // per layer, empty where not chosen
  std::vector<std::int8_t> outputSpikes;          // [steps][rows][outputs], on request
  std::size_t outputLayer = 0;                    // among all layers
  Operations operations;
};

}  // namespace spiq
