#include <cstdlib>

#include "core/sim/runner.h"

// What a runner does for streams: rows that stay between calls, and their state in bytes.

namespace spiq {

namespace {

// What a unit may have gained in one step: more comes from damaged bytes alone.
constexpr std::int64_t kMostSpikes = 128;

}  // namespace

template <class Real>
void Runner<Real>::advance(const Chunk& chunk, Recorder<Real>& recorder, Control& control) {
  encode(chunk);
  executor_.execute(chunk, false, count_, done_, control);
  if (control.cancelled.load(std::memory_order_relaxed)) return;
  if (plan_.minDelay != 0) executor_.remember(chunk, count_);
  for (std::size_t row = 0; row < count_; ++row) {
    if (!decoders_[row].known()) steps_[row] += decoders_[row].see(workspace_, plan_, row, chunk);
    recorder.see(workspace_, row, first_ + row, chunk, chunk.total);
    control.done.fetch_add(static_cast<std::uint64_t>(chunk.total), std::memory_order_relaxed);
  }
}

template <class Real>
void Runner<Real>::exchange(StateBytes& bytes) {
  for (std::size_t row = 0; row < count_; ++row) exchangeRow(row, bytes);
}

template <class Real>
void Runner<Real>::exchangeRow(std::size_t row, StateBytes& bytes) {
  const auto passRow = [&](auto& values, const Layout& layout, std::size_t from) {
    for (std::int64_t unit = 0; unit < layout.units(); ++unit)
      bytes.pass(&values[from + static_cast<std::size_t>(layout.at(unit))], 1);
  };
  bytes.pass(&steps_[row], 1);
  bytes.pass(preparedOf(row), static_cast<std::size_t>(plan_.inputs()));
  encoders_[row].exchange(bytes);
  decoders_[row].exchange(bytes);
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    const Layout& layout = plan_.layoutOf(plan_.operations[plan_.neurons[n]].to);
    auto& state = workspace_.state(n);
    for (auto* part : {&state.current, &state.potential, &state.waiting})
      passRow(*part, layout, row * static_cast<std::size_t>(layout.size()));
  }
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
    const auto& sources = plan_.operations[i].sources;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      const Layout& layout = plan_.layoutOf(sources[s].value);
      const auto delay = static_cast<std::size_t>(sources[s].delay);
      for (std::size_t slot = 0; slot < delay; ++slot) {
        passRow(workspace_.history(i, s), layout,
                (row * delay + slot) * static_cast<std::size_t>(layout.size()));
      }
    }
    auto& totals = workspace_.totals(i);
    if (totals.empty()) continue;
    const Layout& layout = plan_.layoutOf(sources.front().value);
    passRow(totals, layout, row * static_cast<std::size_t>(layout.size()));
    for (const std::int32_t total : totals) {
      if (std::abs(std::int64_t{total}) > kMaxSteps * kMostSpikes) bytes.fail();
    }
  }
  if (steps_[row] < 0 || steps_[row] > kMaxSteps) bytes.fail();
}

template void Runner<float>::advance(const Chunk&, Recorder<float>&, Control&);
template void Runner<double>::advance(const Chunk&, Recorder<double>&, Control&);
template void Runner<float>::exchange(StateBytes&);
template void Runner<double>::exchange(StateBytes&);
template void Runner<float>::exchangeRow(std::size_t, StateBytes&);
template void Runner<double>::exchangeRow(std::size_t, StateBytes&);

}  // namespace spiq
