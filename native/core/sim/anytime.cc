#include "core/sim/anytime.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spiq {

namespace {

constexpr double kLimitBytes = 2.0 * (1 << 30);

// Of equal ones the first; NaN never wins.
template <class Real>
std::size_t best(const std::vector<Real>& out) {
  std::size_t found = 0;
  for (std::size_t i = 1; i < out.size(); ++i) {
    if (out[i] > out[found] || (std::isnan(out[found]) && !std::isnan(out[i]))) found = i;
  }
  return found;
}

}  // namespace

template <class Real>
Status Anytime<Real>::prepare(const SimulationOptions& options, std::size_t rows) {
  if (options.encoding == Encoding::Latency) {
    return mismatch(Code::Unsupported, "outputs at every T",
                    "an encoding that does not depend on T", "'latency'");
  }
  if (exits() && options.decoding == Decoding::FirstSpike) {
    return mismatch(Code::Unsupported, "early exit", "a decoding whose outputs grow with the steps",
                    "'first_spike', which ends a row by itself");
  }
  if (exits() && plan_.outputs() < 2) {
    return mismatch(Code::Unsupported, "early exit", "at least two outputs to compare", "one");
  }
  for (std::size_t i = 0; i < request_.steps.size(); ++i) {
    const std::int64_t least = i == 0 ? 1 : request_.steps[i - 1] + 1;
    if (request_.steps[i] >= least && request_.steps[i] <= options.steps) continue;
    return mismatch(Code::Range, "steps of outputs",
                    "ascending numbers from 1 to T = " + std::to_string(options.steps),
                    std::to_string(request_.steps[i]));
  }
  const double values = static_cast<double>(request_.steps.size()) * static_cast<double>(rows) *
                        static_cast<double>(plan_.outputs());
  if (values * sizeof(Real) > kLimitBytes) {
    return mismatch(Code::Memory, "outputs at every T", "at most 2 GiB (fewer rows or steps)",
                    showNumber(std::ceil(values * sizeof(Real) / (1 << 20))) + " MiB");
  }
  rows_.resize(rows);
  result_.out.resize(static_cast<std::size_t>(values));
  if (!exits()) return {};
  result_.exitOut.resize(rows * static_cast<std::size_t>(plan_.outputs()));
  result_.exitSteps.resize(rows);
  result_.exitActions.resize(rows);
  result_.lastActions.resize(rows);
  return {};
}

template <class Real>
int Anytime<Real>::see(Decoder<Real>& decoder, Workspace<Real>& workspace, std::size_t row,
                       std::size_t at, const Chunk& chunk) {
  Row& state = rows_[at];
  const auto size = static_cast<std::size_t>(plan_.layoutOf(plan_.output).size());
  const Real* potentials = workspace.state(plan_.outputNeuron).potentials.data();
  std::vector<Real> out(static_cast<std::size_t>(plan_.outputs()));
  for (int step = 0; step < chunk.total; ++step) {
    decoder.seeStep(workspace, plan_, row, chunk, step);
    const std::int64_t steps = chunk.first + step + 1;
    const bool due = state.point < request_.steps.size() && request_.steps[state.point] == steps;
    if (due || (exits() && !state.ended))
      decoder.finish(potentials + workspace.watchedAt(row, step) * size, steps, out.data());
    if (due) writePoint(state, at, out);
    if (exits() && !state.ended && ends(state, steps, out)) {
      state.ended = true;
      writeExit(at, steps, out);
    }
    if (stopped(at) || decoder.known()) return step + 1;
  }
  return chunk.total;
}

template <class Real>
bool Anytime<Real>::stopped(std::size_t at) const {
  return exits() && !rule_.verify && rows_[at].ended;
}

template <class Real>
void Anytime<Real>::finish(std::size_t at, std::int64_t steps, const std::vector<Real>& out) {
  Row& state = rows_[at];
  while (state.point < request_.steps.size()) writePoint(state, at, out);
  if (!exits()) return;
  if (!state.ended) writeExit(at, steps, out);
  result_.lastActions[at] = static_cast<std::int32_t>(best(out));
}

template <class Real>
void Anytime<Real>::writePoint(Row& row, std::size_t at, const std::vector<Real>& out) {
  const std::size_t to = (row.point++ * rows_.size() + at) * out.size();
  std::copy(out.begin(), out.end(), result_.out.begin() + static_cast<std::ptrdiff_t>(to));
}

template <class Real>
bool Anytime<Real>::ends(Row& row, std::int64_t steps, const std::vector<Real>& out) const {
  const std::size_t first = best(out);
  double lead = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (i != first)
      lead = std::min(lead, static_cast<double>(out[first]) - static_cast<double>(out[i]));
  }
  const bool leads = lead / static_cast<double>(steps) >= rule_.margin;
  row.leading = leads ? row.leading + 1 : 0;
  return row.leading >= rule_.patience && steps >= rule_.least;
}

template <class Real>
void Anytime<Real>::writeExit(std::size_t at, std::int64_t steps, const std::vector<Real>& out) {
  std::copy(out.begin(), out.end(),
            result_.exitOut.begin() + static_cast<std::ptrdiff_t>(at * out.size()));
  result_.exitSteps[at] = static_cast<std::int32_t>(steps);
  result_.exitActions[at] = static_cast<std::int32_t>(best(out));
  result_.lastActions[at] = result_.exitActions[at];
}

template <class Real>
void Anytime<Real>::copyExit(std::size_t at, Real* out) const {
  const auto width = static_cast<std::size_t>(plan_.outputs());
  std::copy_n(result_.exitOut.data() + at * width, width, out);
}

template class Anytime<float>;
template class Anytime<double>;

}  // namespace spiq
