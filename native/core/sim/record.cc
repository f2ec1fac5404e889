#include <algorithm>
#include <cstring>

#include "core/sim/runner.h"

// What a run keeps of a chunk, for one row.

namespace spiq {

template <class Real>
double Runner<Real>::countSpikes(std::size_t row, const Chunk& chunk, int used) const {
  std::int64_t total = 0;
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    if (!plan_.neuron(n).params.fires) continue;
    for (int word = 0; word < chunk.words; ++word) {
      const WordView spikes = workspace_.spikes(plan_.operations[plan_.neurons[n]].to, row, word);
      const std::uint32_t bits = chunk.usedBits(word, used);
      const std::uint64_t both = static_cast<std::uint64_t>(bits) << 32 | bits;
      const std::int64_t size = plan_.layoutOf(plan_.operations[plan_.neurons[n]].to).size();
      for (int plane = 0; plane < spikes.planes; ++plane) {
        // Layouts are padded to an even number of units.
        for (std::int64_t i = 0; i < size; i += 2) {
          std::uint64_t pair = 0;
          std::memcpy(&pair, spikes.masks + plane * spikes.planeStride + i, sizeof pair);
          if (pair != 0) total += __builtin_popcountll(pair & both);
        }
      }
    }
  }
  return static_cast<double>(total);
}

template <class Real>
void Runner<Real>::addCounts(std::size_t row, std::size_t at, const Chunk& chunk, int used,
                             SimulationResult<Real>& result) const {
  std::size_t layer = 0;
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    if (!plan_.neuron(n).params.fires) continue;
    const std::size_t value = plan_.operations[plan_.neurons[n]].to;
    const Layout& layout = plan_.layoutOf(value);
    std::int32_t* counts = &result.counts[layer++][at * static_cast<std::size_t>(layout.units())];
    for (int word = 0; word < chunk.words; ++word) {
      const WordView spikes = workspace_.spikes(value, row, word);
      for (int plane = 0; plane < spikes.planes; ++plane) {
        const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
        for (std::int64_t unit = 0; unit < layout.units(); ++unit) {
          const int fired = __builtin_popcount(masks[layout.at(unit)] & chunk.usedBits(word, used));
          counts[unit] += plane < spikes.positive ? fired : -fired;
        }
      }
    }
  }
}

template <class Real>
void Runner<Real>::trace(std::size_t row, std::size_t at, const Chunk& chunk, int used,
                         SimulationResult<Real>& result) const {
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    const std::size_t value = plan_.operations[plan_.neurons[n]].to;
    const Layout& layout = plan_.layoutOf(value);
    const auto& state = workspace_.state(n);
    LayerTrace<Real>& trace = result.traces[n];
    const auto units = static_cast<std::size_t>(layout.units());
    for (int step = 0; step < used; ++step) {
      int word = 0;
      while (step >= chunk.before(word) + chunk.stepsOf(word)) ++word;
      const WordView spikes = workspace_.spikes(value, row, word);
      const std::size_t from = (row * static_cast<std::size_t>(workspace_.chunkSteps()) +
                                static_cast<std::size_t>(step)) *
                               static_cast<std::size_t>(layout.size());
      const std::size_t to =
          (static_cast<std::size_t>(chunk.first + step) * inputRows_ + at) * units;
      for (std::size_t unit = 0; unit < units; ++unit) {
        const auto here = static_cast<std::size_t>(layout.at(static_cast<std::int64_t>(unit)));
        trace.potential[to + unit] = state.potentials[from + here];
        trace.current[to + unit] = state.currents[from + here];
        int count = 0;
        for (int plane = 0; plane < spikes.planes; ++plane) {
          const auto fired = static_cast<int>(
              spikes.masks[static_cast<std::size_t>(plane * spikes.planeStride) + here] >>
                  (step - chunk.before(word)) &
              1U);
          count += plane < spikes.positive ? fired : -fired;
        }
        trace.spikes[to + unit] = static_cast<std::int8_t>(count);
      }
    }
  }
}

template <class Real>
void Runner<Real>::record(std::size_t row, std::size_t at, const Chunk& chunk, int used,
                          const RecordRequest& request, SimulationResult<Real>& result) const {
  if (request.totals) result.totalSpikes[at] += countSpikes(row, chunk, used);
  if (request.counts) addCounts(row, at, chunk, used, result);
  if (request.trace) trace(row, at, chunk, used, result);
}

template class Runner<float>;
template class Runner<double>;

}  // namespace spiq
