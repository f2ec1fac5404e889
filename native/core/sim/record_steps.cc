#include "core/sim/record.h"

// What a run keeps of every single step.

namespace spiq {

namespace {

// The signed number of spikes of a unit in the step of `bit`.
int spikesAt(const WordView& spikes, std::int64_t unit, int bit) {
  int count = 0;
  for (int plane = 0; plane < spikes.planes; ++plane) {
    const auto fired =
        static_cast<int>(spikes.masks[plane * spikes.planeStride + unit] >> bit & 1U);
    count += plane < spikes.positive ? fired : -fired;
  }
  return count;
}

}  // namespace

template <class Real>
void Recorder<Real>::copyPotentials(std::size_t neuron, const Part& part) {
  const Layout& layout = plan_.layoutOf(valueOf(neuron));
  const std::vector<Real>& potentials = part.workspace.state(neuron).potentials;
  for (int step = 0; step < part.used; ++step) {
    const Real* from = potentials.data() + part.workspace.watchedAt(part.row, step) *
                                               static_cast<std::size_t>(layout.size());
    Real* to = result_.potentials[neuron].data() +
               (static_cast<std::size_t>(part.chunk.first + step - firstStep_) * rows_ + part.at) *
                   unitsOf(neuron);
    for (std::int64_t unit = 0; unit < layout.units(); ++unit) to[unit] = from[layout.at(unit)];
  }
}

template <class Real>
void Recorder<Real>::copySpikes(std::size_t neuron, const Part& part, std::int8_t* to) const {
  const Layout& layout = plan_.layoutOf(valueOf(neuron));
  for (int step = 0; step < part.used; ++step) {
    const int word = part.chunk.wordOf(step);
    const int bit = step - part.chunk.before(word);
    const WordView spikes = part.workspace.spikes(valueOf(neuron), part.row, word);
    std::int8_t* line =
        to + (static_cast<std::size_t>(part.chunk.first + step - firstStep_) * rows_ + part.at) *
                 unitsOf(neuron);
    for (std::int64_t unit = 0; unit < layout.units(); ++unit)
      line[unit] = static_cast<std::int8_t>(spikesAt(spikes, layout.at(unit), bit));
  }
}

template <class Real>
void Recorder<Real>::trace(const Part& part) {
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    const Layout& layout = plan_.layoutOf(valueOf(n));
    const auto& state = part.workspace.state(n);
    LayerTrace<Real>& trace = result_.traces[n];
    for (int step = 0; step < part.used; ++step) {
      const std::size_t from =
          part.workspace.watchedAt(part.row, step) * static_cast<std::size_t>(layout.size());
      const std::size_t to =
          (static_cast<std::size_t>(part.chunk.first + step - firstStep_) * rows_ + part.at) *
          unitsOf(n);
      for (std::size_t unit = 0; unit < unitsOf(n); ++unit) {
        const auto here =
            from + static_cast<std::size_t>(layout.at(static_cast<std::int64_t>(unit)));
        trace.potential[to + unit] = state.potentials[here];
        trace.current[to + unit] = state.currents[here];
      }
    }
    copySpikes(n, part, trace.spikes.data());
  }
}

template <class Real>
void Recorder<Real>::listSpikes(std::size_t neuron, const Part& part) {
  const Layout& layout = plan_.layoutOf(valueOf(neuron));
  std::vector<Event>& events = events_[neuron][part.at];
  const std::size_t before = events.size();
  if (eventsLeft_.load(std::memory_order_relaxed) < 0) return;
  for (int step = 0; step < part.used; ++step) {
    const int word = part.chunk.wordOf(step);
    const int bit = step - part.chunk.before(word);
    const WordView spikes = part.workspace.spikes(valueOf(neuron), part.row, word);
    for (std::int64_t unit = 0; unit < layout.units(); ++unit) {
      const int count = spikesAt(spikes, layout.at(unit), bit);
      if (count == 0) continue;
      events.push_back({static_cast<std::int32_t>(part.chunk.first + step),
                        static_cast<std::int32_t>(unit), static_cast<std::int8_t>(count)});
    }
  }
  eventsLeft_.fetch_sub(static_cast<std::int64_t>(events.size() - before),
                        std::memory_order_relaxed);
}

template <class Real>
void Recorder<Real>::mergeRasters() {
  result_.rasters.resize(events_.size());
  for (std::size_t n = 0; n < events_.size(); ++n) {
    Raster& raster = result_.rasters[n];
    for (std::size_t row = 0; row < rows_; ++row) {
      for (const Event& event : events_[n][row]) {
        raster.rows.push_back(static_cast<std::int32_t>(row));
        raster.steps.push_back(event.step);
        raster.units.push_back(event.unit);
        raster.counts.push_back(event.count);
      }
      events_[n][row] = {};
    }
  }
}

template void Recorder<float>::copyPotentials(std::size_t, const Part&);
template void Recorder<double>::copyPotentials(std::size_t, const Part&);
template void Recorder<float>::copySpikes(std::size_t, const Part&, std::int8_t*) const;
template void Recorder<double>::copySpikes(std::size_t, const Part&, std::int8_t*) const;
template void Recorder<float>::trace(const Part&);
template void Recorder<double>::trace(const Part&);
template void Recorder<float>::listSpikes(std::size_t, const Part&);
template void Recorder<double>::listSpikes(std::size_t, const Part&);
template void Recorder<float>::mergeRasters();
template void Recorder<double>::mergeRasters();

}  // namespace spiq
