#include "core/sim/simulate.h"

#include <algorithm>
#include <cmath>

#include "core/convert/to_spiking.h"
#include "core/plan/neuron_options.h"
#include "core/sim/runner.h"

namespace spiq {

namespace {

constexpr double kTraceLimitBytes = 2.0 * (1 << 30);
// Rows that go through a layer together, so that its weights are read once for all of them.
constexpr std::size_t kRowsTogether = 32;
// Memory of the rows of one thread, more than any cache.
constexpr std::size_t kRowsBytes = 32U << 20;
// Weights that a thread's own cache does not hold: threads share each layer rather than the rows.
constexpr std::size_t kLargeWeights = 1U << 20;
// Runs whose memory is kept for the next one.
constexpr std::size_t kIdleRunners = 8;

template <class Real>
std::size_t weightBytes(const Plan<Real>& plan) {
  std::size_t bytes = 0;
  for (const auto& operation : plan.operations) {
    if (const auto* linear = operation.template as<LinearData<Real>>()) bytes += linear->bytes();
  }
  return bytes;
}

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
  if (input.observations.size != input.rows * static_cast<std::size_t>(size)) {
    return mismatch(Code::Shape, "observations",
                    std::to_string(input.rows) + " rows of " + std::to_string(size) + " values",
                    std::to_string(input.observations.size) + " values");
  }
  return checkFinite(input.observations, "observations");
}

template <class Real>
Status allocate(const Simulation<Real>& simulation, const RecordRequest& record, std::size_t rows,
                SimulationResult<Real>& result) {
  const Plan<Real>& plan = simulation.plan();
  const auto steps = static_cast<std::size_t>(simulation.options().steps);
  result.out.resize(rows * static_cast<std::size_t>(plan.outputs()));
  if (record.totals) {
    result.steps.resize(rows);
    result.totalSpikes.resize(rows);
  }
  if (!record.trace && !record.counts) return {};
  double traceBytes = 0;
  for (const std::size_t index : plan.neurons) {
    traceBytes += static_cast<double>(steps) * static_cast<double>(rows) *
                  static_cast<double>(plan.layoutOf(plan.operations[index].to).units()) *
                  (2 * sizeof(Real) + 1);
  }
  if (record.trace && traceBytes > kTraceLimitBytes) {
    return mismatch(Code::Memory, "trace of every step", "at most 2 GiB (fewer rows or steps)",
                    showNumber(std::ceil(traceBytes / (1 << 20))) + " MiB");
  }
  for (std::size_t n = 0; n < plan.neurons.size(); ++n) {
    const auto units =
        static_cast<std::size_t>(plan.layoutOf(plan.operations[plan.neurons[n]].to).units());
    if (record.counts && plan.neuron(n).params.fires) result.counts.emplace_back(rows * units);
    if (record.trace) {
      const std::size_t size = steps * rows * units;
      result.traces.push_back(
          {std::vector<Real>(size), std::vector<Real>(size), std::vector<std::int8_t>(size)});
    }
  }
  return {};
}

}  // namespace

template <class Real>
Simulation<Real>::Simulation(Plan<Real> plan, const SimulationOptions& options,
                             const Backend<Real>& backend)
    : plan_(std::move(plan)), options_(options), backend_(backend) {}

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
                                                     SpikeRange range, bool trace) const {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (auto& runner : idle_) {
      if (!runner->fits(rows, threads, range, trace)) continue;
      std::unique_ptr<Runner<Real>> found = std::move(runner);
      runner = std::move(idle_.back());
      idle_.pop_back();
      return found;
    }
  }
  return std::make_unique<Runner<Real>>(plan_, options_, backend_, rows, threads, range, trace);
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
  if (Status status = checkInput(*this, input); !status.ok()) return status;
  SimulationResult<Real> result;
  if (Status status = allocate(*this, record, input.rows, result); !status.ok()) return status;

  control.total =
      static_cast<std::uint64_t>(input.rows) * static_cast<std::uint64_t>(options_.steps);
  const SpikeRange range = rangeOf(
      input.given, input.given.steps * input.rows * static_cast<std::size_t>(plan_.inputs()));
  const bool shared = input.rows < control.threads || weightBytes(plan_) > kLargeWeights;
  const std::size_t apart = shared ? 1 : control.threads;
  const std::size_t inside = apart == 1 ? control.threads : 1;
  const std::size_t affordable = std::max<std::size_t>(
      kRowsBytes /
          std::max<std::size_t>(bytesPerRow(plan_, chunkWords(plan_, options_, record.trace)), 1),
      1);
  const std::size_t together =
      std::min({kRowsTogether, affordable, (input.rows + apart - 1) / apart});
  const std::size_t groups = (input.rows + together - 1) / together;
  std::vector<std::unique_ptr<Runner<Real>>> runners;
  runners.reserve(std::min(apart, groups));
  for (std::size_t i = 0; i < std::min(apart, groups); ++i)
    runners.push_back(take(together, inside, range, record.trace));
  const auto runGroup = [&](std::size_t group, std::size_t worker) {
    const std::size_t first = group * together;
    runners[worker]->run(first, std::min(together, input.rows - first), input, record, result,
                         control);
  };
  if (apart > 1) {
    control.pool.run(groups, apart, runGroup);
  } else {
    for (std::size_t group = 0; group < groups; ++group) runGroup(group, 0);
  }

  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  for (auto& runner : runners) giveBack(std::move(runner));
  if (options_.decoding != Decoding::FirstSpike) {
    Status status = checkFinite<Real>(
        {result.out.data(), result.out.size()},
        "decoded output (float overflow: are weights and observations of sensible size?)");
    if (!status.ok()) return status;
  }
  return result;
}

template class Simulation<float>;
template class Simulation<double>;

}  // namespace spiq
