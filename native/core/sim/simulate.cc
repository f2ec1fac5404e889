#include "core/sim/simulate.h"

#include <algorithm>
#include <cmath>

#include "core/convert/to_spiking.h"
#include "core/plan/neuron_options.h"
#include "core/sim/row_division.h"
#include "core/sim/runner.h"

namespace spiq {

namespace {

// Memory of one thread's rows: a share of what a desktop has, more than any cache.
constexpr std::size_t kRowsBytes = 32U << 20;
// Runs whose memory is kept for the next one.
constexpr std::size_t kIdleRunners = 8;

template <class Real>
Status checkInput(const Simulation<Real>& simulation, const SimulationInput<Real>& input) {
  const SimulationOptions& options = simulation.options();
  const std::int64_t size = simulation.observationSize();
  if (input.rows == 0) return mismatch(Code::Shape, "observations", "at least one row", "none");
  if ((options.encoding == Encoding::Spikes) != (input.given.values != nullptr)) {
    return mismatch(Code::Argument, "input spikes", "with encoding 'spikes' and with no other",
                    input.given.values == nullptr ? "none" : "some with another encoding");
  }
  if (input.given.values != nullptr &&
      input.given.steps < static_cast<std::size_t>(options.steps)) {
    return mismatch(Code::Shape, "input spikes",
                    "at least T = " + std::to_string(options.steps) + " steps",
                    std::to_string(input.given.steps));
  }
  if (input.given.values != nullptr && input.observations.size == 0) return {};
  return checkObservations(input.observations, input.rows, size);
}

// What has to be kept of each step for what a run is asked to give.
template <class Real>
Watch watchOf(const SimulationOptions& options, const RecordRequest& record, bool anytime) {
  const bool potential = options.decoding == Decoding::Potential;
  return {record.trace, Decoder<Real>::watches(options.decoding) || (anytime && potential),
          record.potentials};
}

template <class Real>
Status checkDecoded(const SimulationOptions& options, const std::vector<Real>& out) {
  if (options.decoding == Decoding::FirstSpike || out.empty()) return {};
  return checkFinite<Real>(
      {out.data(), out.size()},
      "decoded output (float overflow: are weights and observations of sensible size?)");
}

}  // namespace

template <class Real>
Status checkObservations(View<const Real> observations, std::size_t rows, std::int64_t size) {
  if (observations.size != rows * static_cast<std::size_t>(size)) {
    return mismatch(Code::Shape, "observations",
                    std::to_string(rows) + " rows of " + std::to_string(size) + " values",
                    std::to_string(observations.size) + " values");
  }
  return checkFinite(observations, "observations");
}

template <class Real>
Simulation<Real>::Simulation(Plan<Real> plan, const SimulationOptions& options,
                             const Backend<Real>& backend)
    : plan_(std::move(plan)),
      options_(options),
      backend_(backend),
      weightBytes_(weightBytes(plan_)),
      rowBytes_(bytesPerRow(plan_, chunkWords(plan_, options_, false))) {}

template <class Real>
Simulation<Real>::~Simulation() = default;

template <class Real>
Result<std::unique_ptr<Simulation<Real>>> Simulation<Real>::make(const Graph& graph,
                                                                 const SimulationOptions& options,
                                                                 const Backend<Real>& backend) {
  if (Status status = checkOptions(options); !status.ok()) return status;
  const Result<Graph> spiking = toSpiking(graph, NeuronSpec());
  if (!spiking.ok()) return spiking.status();
  Result<Plan<Real>> plan = compileSpikes<Real>(spiking.value(), options);
  if (!plan.ok()) return plan.status();
  return std::unique_ptr<Simulation>(new Simulation(plan.take(), options, backend));
}

template <class Real>
std::int64_t Simulation<Real>::observationSize() const {
  const std::int64_t plain = plan_.inputs() - (options_.biasAsObservation ? 1 : 0);
  return options_.twoInputNeurons ? plain / 2 : plain;
}

template <class Real>
std::unique_ptr<Runner<Real>> Simulation<Real>::take(std::size_t rows, std::size_t threads,
                                                     SpikeRange range, const Watch& watch,
                                                     int words) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& runner : idle_) {
      if (!runner->fits(rows, threads, range, watch, words)) continue;
      std::unique_ptr<Runner<Real>> found = std::move(runner);
      runner = std::move(idle_.back());
      idle_.pop_back();
      return found;
    }
  }
  return std::make_unique<Runner<Real>>(plan_, options_, backend_, rows, threads, range, watch,
                                        words);
}

template <class Real>
void Simulation<Real>::giveBack(std::unique_ptr<Runner<Real>> runner) const {
  const std::lock_guard<std::mutex> lock(mutex_);
  // The newest fits the next call best.
  if (idle_.size() >= kIdleRunners) idle_.erase(idle_.begin());
  idle_.push_back(std::move(runner));
}

template <class Real>
Result<SimulationResult<Real>> Simulation<Real>::run(const SimulationInput<Real>& input,
                                                     const RecordRequest& record,
                                                     Control& control) const {
  AnytimeResult<Real> nothing;
  return run(input, record, AnytimeRequest(), nothing, control);
}

template <class Real>
Result<SimulationResult<Real>> Simulation<Real>::run(const SimulationInput<Real>& input,
                                                     const RecordRequest& record,
                                                     const AnytimeRequest& request,
                                                     AnytimeResult<Real>& seen,
                                                     Control& control) const {
  if (Status status = checkInput(*this, input); !status.ok()) return status;
  SimulationResult<Real> result;
  result.out.resize(input.rows * static_cast<std::size_t>(plan_.outputs()));
  Recorder<Real> recorder(plan_, options_, record, result);
  if (Status status = recorder.prepare(input.rows, 0, options_.steps); !status.ok()) return status;
  Anytime<Real> anytime(request, plan_, seen);
  if (request.wanted()) {
    if (Status status = anytime.prepare(options_, input.rows); !status.ok()) return status;
  }

  if (!control.spansRuns) {
    control.total =
        static_cast<std::uint64_t>(input.rows) * static_cast<std::uint64_t>(options_.steps);
  }
  const SpikeRange range = rangeOf(
      input.given, input.given.steps * input.rows * static_cast<std::size_t>(plan_.inputs()));
  const Watch watch = watchOf<Real>(options_, record, request.wanted());
  const int words = chunkWords(plan_, options_, record.trace || !record.potentials.empty());
  const RowDivision rows =
      divideRows(input.rows, control.threads, weightBytes_, kRowsBytes / rowBytes_);
  std::vector<std::unique_ptr<Runner<Real>>> runners;
  runners.reserve(rows.atOnce());
  for (std::size_t i = 0; i < rows.atOnce(); ++i)
    runners.push_back(take(rows.together, rows.inside, range, watch, words));
  const auto runGroup = [&](std::size_t group, std::size_t worker) {
    const std::size_t first = group * rows.together;
    runners[worker]->run(first, std::min(rows.together, input.rows - first), input, recorder,
                         request.wanted() ? &anytime : nullptr, control);
  };
  if (rows.apart > 1) {
    control.pool.run(rows.groups, rows.apart, runGroup);
  } else {
    for (std::size_t group = 0; group < rows.groups; ++group) runGroup(group, 0);
  }

  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  // What keeps every step is large and seldom needed again.
  for (auto& runner : runners) {
    if (!record.trace) giveBack(std::move(runner));
  }
  if (Status status = recorder.finish(); !status.ok()) return status;
  for (const auto* out : {&result.out, &seen.out, &seen.exitOut}) {
    if (Status status = checkDecoded(options_, *out); !status.ok()) return status;
  }
  return result;
}

template class Simulation<float>;
template class Simulation<double>;
template Status checkObservations<float>(View<const float>, std::size_t, std::int64_t);
template Status checkObservations<double>(View<const double>, std::size_t, std::int64_t);

}  // namespace spiq
