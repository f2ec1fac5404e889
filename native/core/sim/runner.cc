#include "core/sim/runner.h"

#include <algorithm>

namespace spiq {

namespace {

// Below so many values an operation is done before another thread has woken.
constexpr std::int64_t kWorthSplitting = 4096;

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
                     SpikeRange range, bool trace)
    : plan_(plan),
      options_(options),
      threads_(threads),
      range_(range),
      trace_(trace),
      chunkSteps_(std::int64_t{chunkWords(plan, options, trace)} * kWordSteps),
      workspace_(plan, rows, chunkWords(plan, options, trace), range,
                 {trace, Decoder<Real>::watches(options.decoding)}),
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
bool Runner<Real>::fits(std::size_t rows, std::size_t threads, SpikeRange range, bool trace) const {
  return rows <= workspace_.rows() && threads <= threads_ && range.positive == range_.positive &&
         range.negative == range_.negative && trace == trace_;
}

template <class Real>
void Runner<Real>::start(std::size_t first, const SimulationInput<Real>& input) {
  workspace_.reset();
  std::fill(done_.begin(), done_.end(), false);
  const std::size_t size = input.observations.size / std::max<std::size_t>(input.rows, 1);
  for (std::size_t row = 0; row < count_; ++row) {
    decoders_[row].start();
    steps_[row] = 0;
    const bool constant = options_.encoding == Encoding::Constant;
    Real* prepared = constant ? workspace_.reals(plan_.input, row) : prepared_[row].data();
    if (size != 0) {
      prepareObservation(options_, input.observations.data + (first + row) * size,
                         static_cast<std::int64_t>(size), prepared);
    }
    if (constant) continue;
    encoders_[row].start(
        prepared,
        UniformSource(input.seed, Stream::PoissonInput, input.firstObservation + first + row),
        input.given, first + row, input.rows);
  }
}

template <class Real>
void Runner<Real>::execute(const Chunk& chunk, bool constants, Control& control) {
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
    if (executor_.idles(i, constants)) continue;
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    const std::size_t tasks = executor_.tasks(i, count_);
    const bool split = threads_ > 1 && tasks > 1 &&
                       plan_.layoutOf(plan_.operations[i].to).size() +
                               plan_.layoutOf(plan_.operations[i].sources[0].value).size() >=
                           kWorthSplitting;
    const auto task = [&](std::size_t index, std::size_t thread) {
      executor_.run(i, index, thread, chunk, count_, done_);
    };
    if (split) {
      control.pool.run(tasks, threads_, task);
    } else {
      for (std::size_t index = 0; index < tasks; ++index) task(index, 0);
    }
  }
}

template <class Real>
void Runner<Real>::run(std::size_t first, std::size_t count, const SimulationInput<Real>& input,
                       const RecordRequest& request, SimulationResult<Real>& result,
                       Control& control) {
  count_ = count;
  inputRows_ = input.rows;
  start(first, input);
  execute(Chunk(0, 1), true, control);
  std::size_t left = count;
  for (std::int64_t step = 0; step < options_.steps && left > 0;) {
    const Chunk chunk(step, static_cast<int>(std::min(chunkSteps_, options_.steps - step)));
    if (options_.encoding != Encoding::Constant) {
      for (std::size_t row = 0; row < count; ++row) {
        for (int word = 0; word < chunk.words && !done_[row]; ++word) {
          encoders_[row].encode(step + chunk.before(word), chunk.stepsOf(word), range_,
                                workspace_.masks(plan_.input, row, word),
                                workspace_.planeStride(plan_.input));
        }
      }
    }
    execute(chunk, false, control);
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    if (plan_.minDelay != 0) executor_.remember(chunk, count);
    for (std::size_t row = 0; row < count; ++row) {
      if (done_[row]) continue;
      const int used = decoders_[row].see(workspace_, plan_, row, chunk);
      steps_[row] += used;
      record(row, first + row, chunk, used, request, result);
      control.done.fetch_add(static_cast<std::uint64_t>(chunk.total), std::memory_order_relaxed);
      if (!decoders_[row].known()) continue;
      // A first spike ends the row early; for the caller's progress it is done all the same.
      control.done.fetch_add(static_cast<std::uint64_t>(options_.steps - step - chunk.total),
                             std::memory_order_relaxed);
      done_[row] = true;
      --left;
    }
    step += chunk.total;
  }
  const auto size = static_cast<std::size_t>(plan_.layoutOf(plan_.output).size());
  for (std::size_t row = 0; row < count; ++row) {
    if (request.totals) result.steps[first + row] = static_cast<std::int32_t>(steps_[row]);
    decoders_[row].finish(workspace_.state(plan_.outputNeuron).potential.data() + row * size,
                          steps_[row],
                          &result.out[(first + row) * static_cast<std::size_t>(plan_.outputs())]);
  }
}

template class Runner<float>;
template class Runner<double>;
template int chunkWords<float>(const Plan<float>&, const SimulationOptions&, bool);
template int chunkWords<double>(const Plan<double>&, const SimulationOptions&, bool);

}  // namespace spiq
