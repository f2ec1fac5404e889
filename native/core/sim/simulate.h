#pragma once

#include <memory>
#include <mutex>
#include <vector>

#include "core/plan/control.h"
#include "core/plan/plan.h"
#include "core/sim/anytime.h"
#include "core/sim/encode.h"
#include "core/sim/result.h"

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

template <class Real>
class Runner;

// Rows of `size` finite values each.
template <class Real>
Status checkObservations(View<const Real> observations, std::size_t rows, std::int64_t size);

// A network ready to be simulated, by several callers at once if need be.
template <class Real>
class Simulation {
 public:
  // A graph that is still float is first taken through toSpiking as it stands.
  static Result<std::unique_ptr<Simulation>> make(const Graph& graph,
                                                  const SimulationOptions& options,
                                                  const Backend<Real>& backend);
  ~Simulation();
  Simulation(const Simulation&) = delete;
  Simulation& operator=(const Simulation&) = delete;

  const Plan<Real>& plan() const { return plan_; }
  const SimulationOptions& options() const { return options_; }
  // Values the user gives for one observation.
  std::int64_t observationSize() const;

  const Backend<Real>& backend() const { return backend_; }
  // About what it holds: the weights, and the memory of one row.
  std::size_t bytes() const { return weightBytes_ + rowBytes_; }

  Result<SimulationResult<Real>> run(const SimulationInput<Real>& input,
                                     const RecordRequest& record, Control& control) const;
  // The same, with a look at the outputs on the way; `seen` gets what was asked for.
  Result<SimulationResult<Real>> run(const SimulationInput<Real>& input,
                                     const RecordRequest& record, const AnytimeRequest& request,
                                     AnytimeResult<Real>& seen, Control& control) const;

 private:
  Simulation(Plan<Real> plan, const SimulationOptions& options, const Backend<Real>& backend);
  std::unique_ptr<Runner<Real>> take(std::size_t rows, std::size_t threads, SpikeRange range,
                                     const Watch& watch, int words) const;
  void giveBack(std::unique_ptr<Runner<Real>> runner) const;

  Plan<Real> plan_;
  SimulationOptions options_;
  const Backend<Real>& backend_;
  std::size_t weightBytes_;
  std::size_t rowBytes_;  // of a workspace
  // Memory of earlier runs, for the next one.
  mutable std::mutex mutex_;
  mutable std::vector<std::unique_ptr<Runner<Real>>> idle_;
};

}  // namespace spiq
