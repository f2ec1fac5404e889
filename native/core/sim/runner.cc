#include "core/sim/runner.h"

#include <algorithm>

namespace spiq {

namespace {

// Steps at a time where rows may end early: what is computed beyond the end is lost.
constexpr std::int64_t kExitChunk = 8;

}  // namespace

template <class Real>
int chunkWords(const Plan<Real>& plan, const SimulationOptions& options, bool trace) {
  // Sums kept for every step are large: a word of them at a time stays in the cache.
  bool series = trace;
  for (const auto& operation : plan.operations)
    series |= !operation.fused && plan.values[operation.to].form == Form::Series;
  const std::int64_t longest = series ? kWordSteps : kMaxWords * kWordSteps;
  const std::int64_t steps = std::min<std::int64_t>(
      options.steps, plan.minDelay == 0 ? longest : std::min(longest, plan.minDelay));
  return static_cast<int>((steps + kWordSteps - 1) / kWordSteps);
}

template <class Real>
Runner<Real>::Runner(const Plan<Real>& plan, const SimulationOptions& options,
                     const Backend<Real>& backend, std::size_t rows, std::size_t threads,
                     SpikeRange range, const Watch& watch, int words)
    : plan_(plan),
      options_(options),
      threads_(threads),
      range_(range),
      watch_(watch),
      chunkSteps_(std::int64_t{words} * kWordSteps),
      workspace_(plan, rows, words, range, watch),
      executor_(plan, backend, workspace_, threads),
      prepared_(rows),
      steps_(rows),
      done_(rows) {
  if (plan.minDelay != 0) chunkSteps_ = std::min(chunkSteps_, plan.minDelay);
  for (std::size_t row = 0; row < rows; ++row) {
    encoders_.emplace_back(options, plan.inputs());
    decoders_.emplace_back(options.decoding, plan.layoutOf(plan.output));
    prepared_[row].resize(static_cast<std::size_t>(plan.inputs()));
  }
}

template <class Real>
bool Runner<Real>::fits(std::size_t rows, std::size_t threads, SpikeRange range, const Watch& watch,
                        int words) const {
  return rows <= workspace_.rows() && threads <= threads_ && range.positive == range_.positive &&
         range.negative == range_.negative && watch == watch_ && words == workspace_.words();
}

template <class Real>
Real* Runner<Real>::preparedOf(std::size_t row) {
  return options_.encoding == Encoding::Constant ? workspace_.reals(plan_.input, row)
                                                 : prepared_[row].data();
}

template <class Real>
void Runner<Real>::start(std::size_t first, std::size_t count, const SimulationInput<Real>& input) {
  first_ = first;
  count_ = count;
  workspace_.reset();
  startRows(input);
}

template <class Real>
void Runner<Real>::carry(const SimulationInput<Real>& input) {
  workspace_.carry();
  startRows(input);
}

template <class Real>
void Runner<Real>::startRows(const SimulationInput<Real>& input) {
  std::fill(done_.begin(), done_.end(), false);
  for (std::size_t row = 0; row < count_; ++row) {
    decoders_[row].start();
    steps_[row] = 0;
    if (options_.encoding == Encoding::Constant) continue;
    encoders_[row].start(
        preparedOf(row),
        UniformSource(input.seed, Stream::PoissonInput, input.firstObservation + first_ + row),
        input.given, first_ + row, input.rows);
  }
}

template <class Real>
void Runner<Real>::observe(const SimulationInput<Real>& input, Control& control) {
  const std::size_t size = input.observations.size / std::max<std::size_t>(input.rows, 1);
  for (std::size_t row = 0; row < count_ && size != 0; ++row) {
    prepareObservation(options_, plan_.intake, input.observations.data + (first_ + row) * size,
                       static_cast<std::int64_t>(size), preparedOf(row));
  }
  executor_.execute(Chunk(0, 1), true, count_, done_, control);
}

template <class Real>
void Runner<Real>::feed(const GivenSpikes& given) {
  for (std::size_t row = 0; row < count_; ++row) encoders_[row].feed(given);
}

template <class Real>
void Runner<Real>::encode(const Chunk& chunk) {
  if (options_.encoding == Encoding::Constant) return;
  for (std::size_t row = 0; row < count_; ++row) {
    for (int word = 0; word < chunk.words && !done_[row]; ++word) {
      encoders_[row].encode(chunk.first + chunk.before(word), chunk.stepsOf(word), range_,
                            workspace_.masks(plan_.input, row, word),
                            workspace_.planeStride(plan_.input));
    }
  }
}

template <class Real>
bool Runner<Real>::see(std::size_t row, const Chunk& chunk, Recorder<Real>& recorder,
                       Anytime<Real>* anytime) {
  const std::size_t at = first_ + row;
  const int used = anytime == nullptr ? decoders_[row].see(workspace_, plan_, row, chunk)
                                      : anytime->see(decoders_[row], workspace_, row, at, chunk);
  steps_[row] += used;
  recorder.see(workspace_, row, at, chunk, used);
  return !decoders_[row].known() && (anytime == nullptr || !anytime->stopped(at));
}

template <class Real>
void Runner<Real>::run(std::size_t first, std::size_t count, const SimulationInput<Real>& input,
                       Recorder<Real>& recorder, Anytime<Real>* anytime, Control& control) {
  start(first, count, input);
  observe(input, control);
  std::size_t left = count;
  const std::int64_t longest =
      anytime != nullptr && anytime->exits() ? std::min(kExitChunk, chunkSteps_) : chunkSteps_;
  for (std::int64_t step = 0; step < options_.steps && left > 0;) {
    const Chunk chunk(step, static_cast<int>(std::min(longest, options_.steps - step)));
    encode(chunk);
    executor_.execute(chunk, false, count_, done_, control);
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    if (plan_.minDelay != 0) executor_.remember(chunk, count);
    for (std::size_t row = 0; row < count; ++row) {
      if (done_[row]) continue;
      done_[row] = !see(row, chunk, recorder, anytime);
      control.done.fetch_add(static_cast<std::uint64_t>(chunk.total), std::memory_order_relaxed);
      if (!done_[row]) continue;
      // For the caller's progress a row that ends early is done all the same.
      control.done.fetch_add(static_cast<std::uint64_t>(options_.steps - step - chunk.total),
                             std::memory_order_relaxed);
      --left;
    }
    step += chunk.total;
  }
  finish(recorder, anytime);
}

template <class Real>
void Runner<Real>::decode(std::size_t row, Real* out) const {
  const auto size = static_cast<std::size_t>(plan_.layoutOf(plan_.output).size());
  decoders_[row].finish(workspace_.state(plan_.outputNeuron).potential.data() + row * size,
                        steps_[row], out);
}

template <class Real>
void Runner<Real>::finish(Recorder<Real>& recorder, Anytime<Real>* anytime) {
  const auto width = static_cast<std::size_t>(plan_.outputs());
  SimulationResult<Real>& result = recorder.result();
  for (std::size_t row = 0; row < count_; ++row) {
    const std::size_t at = first_ + row;
    if (recorder.request().totals) result.steps[at] = static_cast<std::int32_t>(steps_[row]);
    Real* out = &result.out[at * width];
    if (anytime != nullptr && anytime->stopped(at)) {
      anytime->copyExit(at, out);
      continue;
    }
    decode(row, out);
    if (anytime != nullptr) anytime->finish(at, steps_[row], std::vector<Real>(out, out + width));
  }
}

template class Runner<float>;
template class Runner<double>;
template int chunkWords<float>(const Plan<float>&, const SimulationOptions&, bool);
template int chunkWords<double>(const Plan<double>&, const SimulationOptions&, bool);

}  // namespace spiq
