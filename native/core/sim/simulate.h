#pragma once

#include <vector>

#include "backend/backend.h"
#include "core/plan/control.h"
#include "core/plan/spiking_plan.h"
#include "core/sim/encode.h"

namespace spiq {

template <class Real>
struct SimulationInput {
  View<const Real> observations;  // rows * observationSize, or empty with given spikes
  std::size_t rows = 0;
  GivenSpikes given;
  std::uint64_t seed = 0;
  // Index of the first row in the user's whole stream of observations: Poisson input depends on it
  // and not on how the stream is cut into batches.
  std::uint64_t firstObservation = 0;
};

struct RecordRequest {
  bool counts = false;
  bool trace = false;
};

// The state of one layer after every step: [steps][rows][units].
template <class Real>
struct LayerTrace {
  std::vector<Real> potential;
  std::vector<Real> current;
  std::vector<std::int8_t> spikes;
};

template <class Real>
struct SimulationResult {
  std::vector<Real> out;            // [rows][outputs]
  std::vector<std::int32_t> steps;  // [rows], below T only for first_spike
  std::vector<double> totalSpikes;  // [rows], all layers, negative ones counted as spikes
  std::vector<std::vector<std::int32_t>> counts;  // per firing layer [rows][units], on request
  std::vector<LayerTrace<Real>> traces;           // per layer, on request
};

template <class Real>
Result<SimulationResult<Real>> simulate(const SpikingPlan<Real>& plan, const Backend<Real>& backend,
                                        const SimulationInput<Real>& input,
                                        const RecordRequest& record, Control& control);

}  // namespace spiq
