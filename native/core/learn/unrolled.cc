#include "core/learn/unrolled.h"

#include <algorithm>
#include <cmath>

#include "core/learn/split.h"
#include "core/plan/check_finite.h"

namespace spiq {

namespace {

// More than machines have on which so much would be learnt in one batch.
constexpr std::size_t kMostBytes = std::size_t{1} << 36;
// As many as a byte of given spikes tells of.
constexpr int kMostGiven = 127;

int stepsOf(const SimulationOptions* options) {
  return options == nullptr ? 1 : static_cast<int>(options->steps);
}

bool encodes(const SimulationOptions* options) {
  return options != nullptr && options->encoding != Encoding::Constant;
}

}  // namespace

template <class Real>
Unrolled<Real>::Unrolled(const Plan<Real>& plan, const SimulationOptions* options, bool currents,
                         const Backend<Real>& backend)
    : plan_(plan),
      options_(options),
      currents_(currents),
      backend_(backend),
      chunk_(0, stepsOf(options)) {}

template <class Real>
std::int64_t Unrolled<Real>::plainSize() const {
  if (options_ == nullptr) return plan_.inputs();
  const std::int64_t plain = plan_.inputs() - (options_->biasAsObservation ? 1 : 0);
  return options_->twoInputNeurons ? plain / 2 : plain;
}

template <class Real>
std::int64_t Unrolled<Real>::observationSize() const {
  const bool given = options_ != nullptr && options_->encoding == Encoding::Spikes;
  return given ? options_->steps * plan_.inputs() : plainSize();
}

template <class Real>
Status Unrolled<Real>::reserve(std::size_t rows, std::size_t threads) {
  const bool fits = workspace_ != nullptr && workspace_->rows() >= rows &&
                    (!encodes(options_) || workspace_->range(plan_.input) == range_);
  if (!fits) {
    const std::size_t capacity = workspace_ == nullptr ? rows : std::max(rows, workspace_->rows());
    const std::size_t bytes = bytesPerRow(plan_, chunk_.words);
    if (bytes * 4 > kMostBytes / capacity) {
      return mismatch(Code::Memory, "all steps of a batch", "at most 64 GiB",
                      std::to_string(capacity) + " rows of " + std::to_string(bytes * 4) +
                          " bytes; take fewer rows or steps");
    }
    Watch watch;
    watch.tests = options_ != nullptr;
    watch.testedCurrents = watch.tests && currents_;
    executor_.reset();
    workspace_ = std::make_unique<Workspace<Real>>(plan_, capacity, chunk_.words, range_, watch);
    while (each_.size() < capacity) {
      const SimulationOptions options = options_ == nullptr ? SimulationOptions() : *options_;
      each_.push_back({Encoder<Real>(options, plan_.inputs()),
                       Decoder<Real>(options.decoding, plan_.layoutOf(plan_.output)),
                       {},
                       {}});
      if (encodes(options_)) each_.back().prepared.resize(static_cast<std::size_t>(plan_.inputs()));
    }
    done_.assign(capacity, false);
    ends_.assign(capacity, -1);
  }
  if (executor_ == nullptr || threads_ != threads) {
    executor_ = std::make_unique<Executor<Real>>(plan_, backend_, *workspace_, threads);
    threads_ = threads;
  }
  return {};
}

template <class Real>
Status Unrolled<Real>::takeSpikes(View<const Real> observations) {
  for (std::size_t i = 0; i < observations.size; ++i) {
    const Real value = observations[i];
    if (value != std::trunc(value) || std::abs(value) > kMostGiven) {
      return mismatch(Code::Range, "given spikes", "whole numbers from -127 to 127",
                      showNumber(static_cast<double>(value)));
    }
    range_.positive = std::max(range_.positive, static_cast<int>(value));
    range_.negative = std::max(range_.negative, -static_cast<int>(value));
  }
  return {};
}

template <class Real>
void Unrolled<Real>::takeRow(std::size_t row, const Real* observation, const TrainingDraw& draw) {
  if (options_ == nullptr) {
    plan_.intake.take(observation, static_cast<std::size_t>(plan_.inputs()),
                      workspace_->reals(plan_.input, row));
    return;
  }
  Row& own = each_[row];
  own.decoder.start();
  ends_[row] = -1;
  if (options_->encoding == Encoding::Constant) {
    prepareObservation(*options_, plan_.intake, observation, plainSize(),
                       workspace_->reals(plan_.input, row));
    return;
  }
  GivenSpikes given;
  if (options_->encoding == Encoding::Spikes) {
    own.given.assign(observation, observation + observationSize());
    given = {own.given.data(), static_cast<std::size_t>(options_->steps), 0};
  } else {
    prepareObservation(*options_, plan_.intake, observation, plainSize(), own.prepared.data());
  }
  own.encoder.start(own.prepared.data(),
                    UniformSource(draw.seed, Stream::PoissonInput, draw.firstObservation + row),
                    given, 0, 1);
  for (int word = 0; word < chunk_.words; ++word) {
    own.encoder.encode(chunk_.before(word), chunk_.stepsOf(word), workspace_->range(plan_.input),
                       workspace_->masks(plan_.input, row, word),
                       workspace_->planeStride(plan_.input));
  }
}

template <class Real>
void Unrolled<Real>::decode(std::size_t row, Real* out) {
  const Layout& layout = plan_.layoutOf(plan_.output);
  const auto size = static_cast<std::size_t>(layout.size());
  if (options_ == nullptr) {
    const Real* from = workspace_->reals(plan_.output, row);
    if (layout.positions == 1) {
      std::copy_n(from, layout.units(), out);
      return;
    }
    for (std::int64_t unit = 0; unit < layout.units(); ++unit) out[unit] = from[layout.at(unit)];
    return;
  }
  Decoder<Real>& decoder = each_[row].decoder;
  const auto& state = workspace_->state(plan_.outputNeuron);
  std::int64_t used = chunk_.total;
  if (Decoder<Real>::watches(options_->decoding)) {
    // Units that never fire have the tested potential afterwards too.
    for (std::size_t step = 0; step < static_cast<std::size_t>(chunk_.total); ++step)
      decoder.seePotentials(state.tested.data() + (step * workspace_->rows() + row) * size, 1);
  } else {
    used = decoder.see(*workspace_, plan_, row, chunk_);
  }
  if (options_->decoding == Decoding::FirstSpike && !decoder.known()) {
    std::fill_n(out, layout.units(), Real{0});
    return;
  }
  if (decoder.known()) ends_[row] = static_cast<int>(used) - 1;
  decoder.finish(state.potential.data() + row * size, used, out);
}

template <class Real>
Status Unrolled<Real>::run(View<const Real> observations, std::size_t rows,
                           const TrainingDraw& draw, bool keep, Real* outputs, Control& control) {
  kept_ = false;
  const auto size = static_cast<std::size_t>(observationSize());
  if (rows == 0 || observations.size != rows * size) {
    return mismatch(
        Code::Shape, "observations", "at least one row of " + std::to_string(size) + " values",
        std::to_string(observations.size) + " values for " + std::to_string(rows) + " rows");
  }
  if (Status status = checkFinite(observations, "observations", control); !status.ok())
    return status;
  if (options_ != nullptr && options_->encoding == Encoding::Spikes) {
    if (Status status = takeSpikes(observations); !status.ok()) return status;
  }
  if (Status status = reserve(rows, control.threads); !status.ok()) return status;
  rows_ = rows;
  if (options_ != nullptr) {
    workspace_->reset(rows);
    for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
      const bool decoded = n == plan_.outputNeuron && Decoder<Real>::watches(options_->decoding);
      workspace_->state(n).keeps = keep || decoded;
    }
  }
  splitWork(control, rows, rows * size, [&](std::size_t row, std::size_t /*worker*/) {
    takeRow(row, &observations[row * size], draw);
  });
  executor_->execute(Chunk(0, 1), true, rows, done_, control);
  if (options_ != nullptr) executor_->execute(chunk_, false, rows, done_, control);
  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  const auto width = static_cast<std::size_t>(plan_.outputs());
  for (std::size_t row = 0; row < rows; ++row) decode(row, outputs + row * width);
  kept_ = keep;
  return checkFinite<Real>(
      {outputs, rows * width},
      "network output (float overflow: are weights and observations of sensible size?)");
}

template class Unrolled<float>;
template class Unrolled<double>;

}  // namespace spiq
