#include "core/sim/row_stream.h"

#include <algorithm>
#include <cmath>

#include "core/sim/row_division.h"
#include "core/sim/runner.h"

namespace spiq {

namespace {

constexpr double kStateLimitBytes = 2.0 * (1 << 30);
// Short pieces are what streams are for.
constexpr int kWords = 1;

bool contains(const std::vector<bool>& all, const std::vector<bool>& some) {
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (some[i] && (i >= all.size() || !all[i])) return false;
  }
  return true;
}

// With fewer rows than threads these share the work on each layer.
bool sharesLayers(const StreamOptions& options, std::size_t threads) {
  return options.rows < threads;
}

std::size_t rowsOfThread(const StreamOptions& options, std::size_t threads) {
  const std::size_t apart = sharesLayers(options, threads) ? 1 : threads;
  return (options.rows + apart - 1) / apart;
}

}  // namespace

template <class Real>
RowStream<Real>::RowStream(const Simulation<Real>& simulation, const StreamOptions& options,
                           std::size_t threads)
    : simulation_(simulation),
      options_(options),
      threads_(threads),
      inside_(sharesLayers(options, threads) ? threads : 1),
      together_(std::min(kRowsTogether, rowsOfThread(options, threads))),
      runners_(makeRunners(range_, watch_)) {
  start();
}

template <class Real>
RowStream<Real>::~RowStream() = default;

template <class Real>
auto RowStream<Real>::make(const Simulation<Real>& simulation, const StreamOptions& options,
                           std::size_t threads) -> Result<std::unique_ptr<RowStream>> {
  const double bytes = static_cast<double>(bytesPerRow(simulation.plan(), kWords)) *
                       static_cast<double>(options.rows);
  if (bytes > kStateLimitBytes) {
    return mismatch(Code::Memory, "state of a stream", "at most 2 GiB (fewer rows)",
                    showNumber(std::ceil(bytes / (1 << 20))) + " MiB");
  }
  return std::unique_ptr<RowStream>(new RowStream(simulation, options, threads));
}

template <class Real>
auto RowStream<Real>::makeRunners(SpikeRange range, const Watch& watch) const -> Runners {
  Runners runners;
  for (std::size_t first = 0; first < options_.rows; first += together_) {
    runners.push_back(std::make_unique<Runner<Real>>(
        simulation_.plan(), simulation_.options(), simulation_.backend(),
        std::min(together_, options_.rows - first), inside_, range, watch, kWords));
  }
  return runners;
}

template <class Real>
SimulationInput<Real> RowStream<Real>::beginning() const {
  SimulationInput<Real> input;
  input.rows = options_.rows;
  input.seed = options_.seed;
  input.firstObservation = firstObservation();
  return input;
}

template <class Real>
void RowStream<Real>::start() {
  const SimulationInput<Real> input = beginning();
  std::size_t first = 0;
  for (auto& runner : runners_) {
    runner->start(first, runner->rows(), input);
    first += runner->rows();
  }
}

template <class Real>
void RowStream<Real>::restart() {
  at_ = 0;
  decision_ = 0;
  observed_ = false;
  start();
}

template <class Real>
void RowStream<Real>::carry() {
  at_ = 0;
  observed_ = false;
  ++decision_;
  for (auto& runner : runners_) runner->carry(beginning());
}

template <class Real>
void RowStream<Real>::fit(SpikeRange range, const RecordRequest& record, Control& control) {
  range.positive = std::max(range.positive, range_.positive);
  range.negative = std::max(range.negative, range_.negative);
  const bool same = range.positive == range_.positive && range.negative == range_.negative;
  if (same && contains(watch_.chosen, record.potentials)) return;
  Watch watch = watch_;
  watch.chosen.resize(std::max(watch.chosen.size(), record.potentials.size()));
  for (std::size_t i = 0; i < record.potentials.size(); ++i)
    watch.chosen[i] = watch.chosen[i] || record.potentials[i];
  StateBytes state;
  for (auto& runner : runners_) runner->exchange(state);
  runners_ = makeRunners(range, watch);
  range_ = range;
  watch_ = watch;
  start();
  StateBytes back(state.written().data(), state.written().size());
  for (auto& runner : runners_) runner->exchange(back);
  observeAgain(control);
}

template <class Real>
void RowStream<Real>::observeAgain(Control& control) {
  if (!observed_) return;
  forEachRunner(control, [&](Runner<Real>& runner) { runner.observe({}, control); });
}

template <class Real>
void RowStream<Real>::forEachRunner(Control& control,
                                    const std::function<void(Runner<Real>&)>& act) {
  const auto one = [&](std::size_t index, std::size_t) { act(*runners_[index]); };
  if (inside_ > 1 || threads_ == 1 || runners_.size() == 1) {
    for (std::size_t i = 0; i < runners_.size(); ++i) one(i, 0);
  } else {
    control.pool.run(runners_.size(), threads_, one);
  }
}

template <class Real>
Status RowStream<Real>::check(View<const Real> observations, const GivenSpikes& given,
                              std::int64_t steps) const {
  const SimulationOptions& options = simulation_.options();
  const bool spikes = options.encoding == Encoding::Spikes;
  if (spikes != (given.values != nullptr)) {
    return mismatch(Code::Argument, "input spikes", "with encoding 'spikes' and with no other",
                    given.values == nullptr ? "none" : "some with another encoding");
  }
  if (spikes && observations.size != 0) {
    return mismatch(Code::Argument, "step", "spikes alone with encoding 'spikes'",
                    "observations too");
  }
  if (!spikes && observations.size == 0 && !observed_) {
    return mismatch(Code::State, "step", "observations, which hold until others come",
                    "none since the stream began");
  }
  const bool latency = options.encoding == Encoding::Latency;
  const std::int64_t most = latency ? options.steps : kMaxSteps;
  if (steps < 1 || steps > most - at_) {
    return mismatch(Code::Range, "steps of a stream",
                    "1 to " + std::to_string(most) + " in all" +
                        (latency ? ", the T of encoding 'latency'" : " until a reset"),
                    std::to_string(steps) + " after " + std::to_string(at_));
  }
  if (observations.size == 0) return {};
  return checkObservations(observations, options_.rows, simulation_.observationSize());
}

template <class Real>
Result<SimulationResult<Real>> RowStream<Real>::step(View<const Real> observations,
                                                     const GivenSpikes& given, std::int64_t steps,
                                                     const RecordRequest& record, bool undo,
                                                     Control& control) {
  if (Status status = check(observations, given, steps); !status.ok()) return status;
  SimulationResult<Real> result;
  Recorder<Real> recorder(simulation_.plan(), simulation_.options(), record, result);
  if (Status status = recorder.prepare(options_.rows, at_, steps); !status.ok()) return status;
  SpikeRange range = range_;
  if (given.values != nullptr) {
    range = rangeOf(
        given, given.steps * options_.rows * static_cast<std::size_t>(simulation_.plan().inputs()));
  }
  fit(range, record, control);
  const std::vector<std::uint8_t> before =
      undo || !record.rasters.empty() ? save() : std::vector<std::uint8_t>();
  Status status = advance(observations, given, at_ + steps, recorder, control);
  if (status.ok()) status = recorder.finish();
  if (!status.ok()) {
    control.cancelled = false;
    const Status restored = restore(before.data(), before.size(), control);
    return restored.ok() ? status : restored;
  }
  if (record.totals)
    std::fill(result.steps.begin(), result.steps.end(), static_cast<std::int32_t>(steps));
  return result;
}

template <class Real>
Status RowStream<Real>::advance(View<const Real> observations, const GivenSpikes& given,
                                std::int64_t end, Recorder<Real>& recorder, Control& control) {
  control.total = options_.rows * static_cast<std::uint64_t>(end - at_);
  SimulationInput<Real> input;
  input.observations = observations;
  input.rows = options_.rows;
  GivenSpikes fed = given;
  fed.firstStep = at_;
  forEachRunner(control, [&](Runner<Real>& runner) {
    if (observations.size != 0) runner.observe(input, control);
    runner.feed(fed);
    for (std::int64_t step = at_; step < end && !control.cancelled;) {
      const Chunk chunk(step, static_cast<int>(std::min(runner.chunkSteps(), end - step)));
      runner.advance(chunk, recorder, control);
      step += chunk.total;
    }
    runner.feed({});
  });
  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  at_ = end;
  observed_ = observed_ || observations.size != 0;
  return {};
}

template <class Real>
Result<std::vector<Real>> RowStream<Real>::decode() const {
  if (at_ == 0)
    return mismatch(Code::State, "decode", "a stream that has made a step", "one at its beginning");
  const auto width = static_cast<std::size_t>(simulation_.plan().outputs());
  std::vector<Real> out(options_.rows * width);
  Real* to = out.data();
  for (const auto& runner : runners_) {
    for (std::size_t row = 0; row < runner->rows(); ++row, to += width) runner->decode(row, to);
  }
  if (simulation_.options().decoding == Decoding::FirstSpike) return out;
  Status status = checkFinite<Real>(
      {out.data(), out.size()},
      "decoded output (float overflow: are weights and observations of sensible size?)");
  if (!status.ok()) return status;
  return out;
}

template class RowStream<float>;
template class RowStream<double>;

}  // namespace spiq
