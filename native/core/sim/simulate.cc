#include "core/sim/simulate.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "core/sim/decode.h"
#include "core/sim/spike_store.h"

namespace spiq {

namespace {

// Long enough to spread the cost of a call, short enough that a layer's spikes stay in the cache.
constexpr std::int64_t kBlockSteps = 32;
constexpr double kTraceLimitBytes = 2.0 * (1 << 30);

template <class Real>
struct LayerMemory {
  std::vector<Real> current;
  std::vector<Real> potential;
  std::vector<Real> waiting;
  SpikeStore spikes;

  LayerMemory(const DenseData<Real>& dense, std::size_t steps)
      : current(static_cast<std::size_t>(dense.padded)),
        potential(current.size()),
        waiting(current.size()),
        spikes(steps, static_cast<std::size_t>(dense.padded)) {}

  void reset() {
    for (auto* values : {&current, &potential, &waiting})
      std::fill(values->begin(), values->end(), Real{0});
  }
  StateView<Real> view() { return {current.data(), potential.data(), waiting.data()}; }
};

// Simulates one observation at a time; each thread has its own.
template <class Real>
class Runner {
 public:
  Runner(const SpikingPlan<Real>& plan, const Backend<Real>& backend,
         const SimulationInput<Real>& input, const RecordRequest& record,
         SimulationResult<Real>& result, Control& control)
      : plan_(plan),
        backend_(backend),
        input_(input),
        record_(record),
        result_(result),
        control_(control),
        blockSteps_(record.trace || Decoder<Real>::everyStep(plan.options.decoding)
                        ? 1
                        : std::min(kBlockSteps, plan.options.steps)),
        prepared_(static_cast<std::size_t>(plan.encodedInputs())),
        drive_(static_cast<std::size_t>(plan.layers.front().dense.padded)),
        encoder_(plan.options, plan.encodedInputs()),
        encoded_(
            plan.options.encoding == Encoding::Constant ? 0 : static_cast<std::size_t>(blockSteps_),
            prepared_.size()),
        decoder_(plan.options.decoding, static_cast<std::size_t>(plan.outputs())) {
    for (const auto& layer : plan.layers)
      memory_.emplace_back(layer.dense, static_cast<std::size_t>(blockSteps_));
  }

  void run(std::size_t row) {
    start(row);
    double spikes = 0;
    std::int64_t step = 0;
    for (bool known = false; step < plan_.options.steps && !known;) {
      if (control_.cancelled.load(std::memory_order_relaxed)) return;
      const std::int64_t steps = std::min(blockSteps_, plan_.options.steps - step);
      runBlock(step, static_cast<std::size_t>(steps));
      spikes += recordBlock(row, step);
      step += steps;
      control_.done.fetch_add(static_cast<std::uint64_t>(steps), std::memory_order_relaxed);
      known = decoder_.see(memory_.back().potential.data(), memory_.back().spikes.block);
    }
    // A first spike ends the row early; for the caller's progress it is done all the same.
    control_.done.fetch_add(static_cast<std::uint64_t>(plan_.options.steps - step),
                            std::memory_order_relaxed);
    result_.totalSpikes[row] = spikes;
    result_.steps[row] = static_cast<std::int32_t>(step);
    decoder_.finish(memory_.back().potential.data(), step,
                    &result_.out[row * static_cast<std::size_t>(plan_.outputs())]);
  }

 private:
  void start(std::size_t row) {
    for (auto& memory : memory_) memory.reset();
    decoder_.start();
    if (input_.observations.size != 0) {
      prepareObservation(
          plan_.options,
          input_.observations.data + row * static_cast<std::size_t>(plan_.observationSize),
          plan_.observationSize, prepared_.data());
    }
    if (plan_.options.encoding == Encoding::Constant) {
      backend_.project(plan_.layers.front().dense.view(), prepared_.data(), drive_.data());
    } else {
      encoder_.start(
          prepared_.data(),
          UniformSource(input_.seed, Stream::PoissonInput, input_.firstObservation + row),
          input_.given, row, input_.rows);
    }
  }

  void runBlock(std::int64_t firstStep, std::size_t steps) {
    for (auto& memory : memory_) memory.spikes.block.clear();
    const SpikingLayer<Real>& first = plan_.layers.front();
    LayerMemory<Real>& memory = memory_.front();
    if (plan_.options.encoding == Encoding::Constant) {
      backend_.runCurrent(first.dense.view(), first.params, memory.view(), drive_.data(), steps,
                          memory.spikes.block);
    } else {
      encoder_.encode(firstStep, steps, encoded_.block);
      backend_.runSpikes(first.dense.view(), first.params, memory.view(), encoded_.block, steps,
                         memory.spikes.block);
    }
    for (std::size_t l = 1; l < plan_.layers.size(); ++l) {
      backend_.runSpikes(plan_.layers[l].dense.view(), plan_.layers[l].params, memory_[l].view(),
                         memory_[l - 1].spikes.block, steps, memory_[l].spikes.block);
    }
  }

  // Returns the number of spikes in the block.
  double recordBlock(std::size_t row, std::int64_t step) {
    double total = 0;
    for (std::size_t l = 0; l < memory_.size(); ++l) {
      const SpikeBlock& block = memory_[l].spikes.block;
      const auto units = static_cast<std::size_t>(plan_.layers[l].dense.units);
      for (std::size_t i = 0; i < block.size; ++i) total += std::abs(block.spikes[i].count);
      if (l < result_.counts.size()) {
        std::int32_t* counts = &result_.counts[l][row * units];
        for (std::size_t i = 0; i < block.size; ++i)
          counts[block.spikes[i].unit] += block.spikes[i].count;
      }
      if (record_.trace) traceStep(l, (static_cast<std::size_t>(step) * input_.rows + row) * units);
    }
    return total;
  }

  void traceStep(std::size_t l, std::size_t at) {
    LayerTrace<Real>& trace = result_.traces[l];
    const auto units = static_cast<std::ptrdiff_t>(plan_.layers[l].dense.units);
    std::copy_n(memory_[l].potential.begin(), units,
                trace.potential.begin() + static_cast<std::ptrdiff_t>(at));
    std::copy_n(memory_[l].current.begin(), units,
                trace.current.begin() + static_cast<std::ptrdiff_t>(at));
    const SpikeBlock& block = memory_[l].spikes.block;
    for (std::size_t i = 0; i < block.size; ++i) {
      trace.spikes[at + block.spikes[i].unit] = static_cast<std::int8_t>(block.spikes[i].count);
    }
  }

  const SpikingPlan<Real>& plan_;
  const Backend<Real>& backend_;
  const SimulationInput<Real>& input_;
  const RecordRequest& record_;
  SimulationResult<Real>& result_;
  Control& control_;
  std::int64_t blockSteps_;
  std::vector<Real> prepared_;
  std::vector<Real> drive_;
  Encoder<Real> encoder_;
  SpikeStore encoded_;
  Decoder<Real> decoder_;
  std::vector<LayerMemory<Real>> memory_;
};

template <class Real>
Status checkInput(const SpikingPlan<Real>& plan, const SimulationInput<Real>& input) {
  if (input.rows == 0) return mismatch(Code::Shape, "observations", "at least one row", "none");
  if ((plan.options.encoding == Encoding::Spikes) != (input.given.values != nullptr)) {
    return mismatch(Code::Argument, "input spikes", "with encoding 'spikes' and with no other",
                    input.given.values == nullptr ? "none" : "some with another encoding");
  }
  if (input.given.values != nullptr &&
      input.given.steps < static_cast<std::size_t>(plan.options.steps)) {
    return mismatch(Code::Shape, "input spikes",
                    "at least T = " + std::to_string(plan.options.steps) + " steps",
                    std::to_string(input.given.steps));
  }
  if (input.given.values != nullptr && input.observations.size == 0) return {};
  if (input.observations.size != input.rows * static_cast<std::size_t>(plan.observationSize)) {
    return mismatch(
        Code::Shape, "observations",
        std::to_string(input.rows) + " rows of " + std::to_string(plan.observationSize) + " values",
        std::to_string(input.observations.size) + " values");
  }
  return checkFinite(input.observations, "observations");
}

template <class Real>
Status allocate(const SpikingPlan<Real>& plan, const RecordRequest& record, std::size_t rows,
                SimulationResult<Real>& result) {
  result.out.resize(rows * static_cast<std::size_t>(plan.outputs()));
  result.steps.resize(rows);
  result.totalSpikes.resize(rows);
  double traceBytes = 0;
  for (const auto& layer : plan.layers) {
    traceBytes += static_cast<double>(plan.options.steps) * static_cast<double>(rows) *
                  static_cast<double>(layer.dense.units) * (2 * sizeof(Real) + 1);
  }
  if (record.trace && traceBytes > kTraceLimitBytes) {
    return mismatch(Code::Memory, "trace of every step", "at most 2 GiB (fewer rows or steps)",
                    showNumber(std::ceil(traceBytes / (1 << 20))) + " MiB");
  }
  for (const auto& layer : plan.layers) {
    const auto units = static_cast<std::size_t>(layer.dense.units);
    if (record.counts && layer.params.fires) result.counts.emplace_back(rows * units);
    if (record.trace) {
      const std::size_t size = static_cast<std::size_t>(plan.options.steps) * rows * units;
      result.traces.push_back(
          {std::vector<Real>(size), std::vector<Real>(size), std::vector<std::int8_t>(size)});
    }
  }
  return {};
}

}  // namespace

template <class Real>
Result<SimulationResult<Real>> simulate(const SpikingPlan<Real>& plan, const Backend<Real>& backend,
                                        const SimulationInput<Real>& input,
                                        const RecordRequest& record, Control& control) {
  if (Status status = checkInput(plan, input); !status.ok()) return status;
  SimulationResult<Real> result;
  if (Status status = allocate(plan, record, input.rows, result); !status.ok()) return status;

  control.total =
      static_cast<std::uint64_t>(input.rows) * static_cast<std::uint64_t>(plan.options.steps);
  const std::size_t threads = std::max<std::size_t>(std::min(control.threads, input.rows), 1);
  std::vector<Runner<Real>> runners;
  runners.reserve(threads);
  for (std::size_t i = 0; i < threads; ++i)
    runners.emplace_back(plan, backend, input, record, result, control);
  control.pool.run(input.rows, threads,
                   [&](std::size_t row, std::size_t worker) { runners[worker].run(row); });

  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  if (plan.options.decoding != Decoding::FirstSpike) {
    Status status = checkFinite<Real>(
        {result.out.data(), result.out.size()},
        "decoded output (float overflow: are weights and observations of sensible size?)");
    if (!status.ok()) return status;
  }
  return result;
}

template Result<SimulationResult<float>> simulate<float>(const SpikingPlan<float>&,
                                                         const Backend<float>&,
                                                         const SimulationInput<float>&,
                                                         const RecordRequest&, Control&);
template Result<SimulationResult<double>> simulate<double>(const SpikingPlan<double>&,
                                                           const Backend<double>&,
                                                           const SimulationInput<double>&,
                                                           const RecordRequest&, Control&);

}  // namespace spiq
