#include "core/fixed/chip_row.h"

#include <algorithm>
#include <cmath>

namespace spiq {

ChipRow::ChipRow(const Chip& chip)
    : chip_(chip),
      sums_(chip.layers().front().units),
      firstOffsets_(chip.layers().front().units),
      units_(chip.layers().size()),
      counts_(chip.firing()),
      tallies_(chip.layers().size()) {
  std::size_t count = 0;
  for (std::size_t l = 0; l < units_.size(); ++l) {
    const ChipLayer& layer = chip.layers()[l];
    units_[l].v.resize(layer.units);
    units_[l].firstCount = count;
    if (layer.fires) count += layer.units;
    for (auto& buffer : units_[l].buffers) buffer.resize(layer.units);
  }
}

void ChipRow::currents(const ChipInput& input, View<const double> observation,
                       std::vector<double>& sums) {
  std::fill(sums.begin(), sums.end(), 0.0);
  for (std::size_t i = 0; i < input.inputs; ++i) {
    const double x = observation[i];
    input.weights.of(
        i, [&](std::uint32_t to, double weight) { sums[to] = std::fma(weight, x, sums[to]); });
  }
  for (std::size_t u = 0; u < sums.size(); ++u) sums[u] += input.bias[u];
}

bool ChipRow::begin(View<const double> observation) {
  currents(chip_.input(), observation, sums_);
  for (std::size_t u = 0; u < sums_.size(); ++u) {
    const std::optional<S1615> offset = toS1615(sums_[u]);
    if (!offset) return false;
    firstOffsets_[u] = *offset;
  }
  for (std::size_t l = 0; l < units_.size(); ++l) {
    units_[l].v = chip_.layers()[l].start;
    units_[l].spikes.clear();
  }
  std::fill(counts_.begin(), counts_.end(), 0);
  return true;
}

bool ChipRow::run(View<const double> observation, std::int64_t steps, const Membrane& membrane,
                  const Control& control, ChipTrace* trace) {
  if (!begin(observation)) return false;
  const auto layers = static_cast<std::int64_t>(units_.size());
  for (std::int64_t step = 0; step < steps + layers - 1; ++step) {
    if (control.cancelled.load(std::memory_order_relaxed)) return true;
    // From the last layer to the first: each takes the spikes of the step before.
    for (std::int64_t l = layers - 1; l >= 0; --l) {
      if (l > 0) receive(static_cast<std::size_t>(l));
      const bool counted = step >= l && step < l + steps;
      update(static_cast<std::size_t>(l), counted, membrane);
      if (trace != nullptr && counted) note(static_cast<std::size_t>(l), step - l, *trace);
    }
  }
  return true;
}

void ChipRow::receive(std::size_t layer) {
  for (std::size_t r = 0; r < 2; ++r) {
    const ByInput<std::uint16_t>& weights = chip_.layers()[layer].receptors.each[r].weights;
    std::vector<std::uint32_t>& buffer = units_[layer].buffers[r];
    std::fill(buffer.begin(), buffer.end(), 0);
    for (const std::uint32_t input : units_[layer - 1].spikes) {
      // One more than fits stands for all sums that are too large.
      weights.of(input, [&](std::uint32_t to, std::uint16_t weight) {
        buffer[to] = std::min(buffer[to] + weight, kMostInBuffer + 1);
      });
    }
  }
}

void ChipRow::update(std::size_t layer, bool counted, const Membrane& membrane) {
  const ChipLayer& fixed = chip_.layers()[layer];
  const std::vector<S1615>& offsets = layer == 0 ? firstOffsets_ : fixed.offsets;
  const std::array<int, 2> shifts{fixed.receptors.each[0].shift, fixed.receptors.each[1].shift};
  Units& units = units_[layer];
  ChipTally& tally = tallies_[layer];
  units.spikes.clear();
  for (std::size_t u = 0; u < fixed.units; ++u) {
    std::array<std::int64_t, 2> received{};
    for (std::size_t r = 0; r < 2; ++r) {
      const std::uint32_t sum = units.buffers[r][u];
      tally.clipped += sum > kMostInBuffer ? 1 : 0;
      received[r] = std::int64_t{std::min(sum, kMostInBuffer)} << shifts[r];
    }
    const std::int64_t current = received[0] - received[1] + offsets[u];
    tally.largest = std::max(tally.largest, static_cast<std::uint64_t>(std::abs(current)));
    bool wrapped = false;
    S1615 v = membrane.step(units.v[u], current, wrapped);
    tally.overflows += wrapped ? 1 : 0;
    if (fixed.fires && v >= fixed.thresholds[u]) {
      v = 0;
      units.spikes.push_back(static_cast<std::uint32_t>(u));
      if (counted) ++counts_[units.firstCount + u];
    }
    units.v[u] = v;
  }
}

void ChipRow::note(std::size_t layer, std::int64_t step, ChipTrace& trace) const {
  for (const std::uint32_t unit : units_[layer].spikes) {
    trace.spikes[layer].push_back(static_cast<std::uint32_t>(step));
    trace.spikes[layer].push_back(unit);
  }
  for (const S1615 v : units_[layer].v) trace.potentials[layer].push_back(fromS1615(v));
}

}  // namespace spiq
