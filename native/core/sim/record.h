#pragma once

#include <atomic>
#include <optional>

#include "base/status.h"
#include "core/sim/result.h"
#include "core/sim/synapses.h"
#include "core/sim/workspace.h"

namespace spiq {

// Writes down what a run was asked to keep, a chunk of one row at a time; rows may come from
// several threads at once.
template <class Real>
class Recorder {
 public:
  Recorder(const Plan<Real>& plan, const SimulationOptions& options, const RecordRequest& request,
           SimulationResult<Real>& result)
      : plan_(plan), options_(options), request_(request), result_(result) {}

  // Makes room for steps firstStep, firstStep + 1, ...
  Status prepare(std::size_t rows, std::int64_t firstStep, std::int64_t steps);
  // `row` of the workspace is row `at` of the result; the chunk's first `used` steps count.
  void see(Workspace<Real>& workspace, std::size_t row, std::size_t at, const Chunk& chunk,
           int used);
  Status finish();

  SimulationResult<Real>& result() { return result_; }
  const RecordRequest& request() const { return request_; }

 private:
  struct Part {
    Workspace<Real>& workspace;
    std::size_t row;
    std::size_t at;
    const Chunk& chunk;
    int used;
  };
  struct Event {
    std::int32_t step;
    std::int32_t unit;
    std::int8_t count;
  };

  std::size_t valueOf(std::size_t neuron) const {
    return plan_.operations[plan_.neurons[neuron]].to;
  }
  std::size_t unitsOf(std::size_t neuron) const {
    return static_cast<std::size_t>(plan_.layoutOf(valueOf(neuron)).units());
  }
  bool fires(std::size_t neuron) const { return plan_.neuron(neuron).params.fires; }
  bool keepsPotentials(std::size_t neuron) const;
  double bytes(std::int64_t steps) const;

  std::int64_t countSpikes(std::size_t neuron, const Part& part) const;
  void addCounts(const Part& part);
  void trace(const Part& part);
  void copyPotentials(std::size_t neuron, const Part& part);
  void copySpikes(std::size_t neuron, const Part& part, std::int8_t* to) const;
  void listSpikes(std::size_t neuron, const Part& part);
  void mergeRasters();

  const Plan<Real>& plan_;
  const SimulationOptions& options_;
  const RecordRequest& request_;
  SimulationResult<Real>& result_;
  std::size_t rows_ = 0;
  std::int64_t firstStep_ = 0;
  std::optional<Synapses<Real>> synapses_;
  std::vector<std::vector<std::vector<Event>>> events_;  // [layer][row]
  std::vector<std::vector<std::int64_t>> layerSpikes_;   // [layer][row]
  std::vector<std::int64_t> recordedSteps_;              // [row]
  std::atomic<std::int64_t> eventsLeft_{0};
};

}  // namespace spiq
