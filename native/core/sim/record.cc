#include "core/sim/record.h"

#include <cmath>
#include <cstring>

namespace spiq {

namespace {

constexpr double kLimitBytes = 2.0 * (1 << 30);
// Of all rasters of a run: 13 bytes each, and as much again while they are put in order.
constexpr std::int64_t kMaxEvents = std::int64_t{1} << 26;

bool chosen(const std::vector<bool>& layers, std::size_t layer) {
  return layer < layers.size() && layers[layer];
}

}  // namespace

template <class Real>
bool Recorder<Real>::keepsPotentials(std::size_t neuron) const {
  return chosen(request_.potentials, neuron) || (request_.output && neuron == plan_.outputNeuron);
}

template <class Real>
double Recorder<Real>::bytes(std::int64_t steps) const {
  double perRow = request_.output ? static_cast<double>(plan_.outputs()) : 0;
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    const auto units = static_cast<double>(unitsOf(n));
    if (request_.trace) perRow += units * (2 * sizeof(Real) + 1);
    if (keepsPotentials(n)) perRow += units * sizeof(Real);
  }
  return perRow * static_cast<double>(steps) * static_cast<double>(rows_);
}

template <class Real>
Status Recorder<Real>::prepare(std::size_t rows, std::int64_t firstStep, std::int64_t steps) {
  if (!request_.any()) return {};
  rows_ = rows;
  firstStep_ = firstStep;
  eventsLeft_ = kMaxEvents;
  const std::size_t layers = plan_.neurons.size();
  const std::size_t each = static_cast<std::size_t>(steps) * rows;
  if (bytes(steps) > kLimitBytes) {
    return mismatch(Code::Memory,
                    request_.trace ? "trace of every step" : "potentials of every step",
                    "at most 2 GiB (fewer rows or steps)",
                    showNumber(std::ceil(bytes(steps) / (1 << 20))) + " MiB");
  }
  if (request_.totals) {
    result_.steps.resize(rows);
    result_.totalSpikes.resize(rows);
  }
  if (request_.activity) {
    recordedSteps_.resize(rows);
    layerSpikes_.assign(layers, std::vector<std::int64_t>(rows));
  }
  if (request_.operations) {
    synapses_.emplace(plan_, options_);
    result_.operations = synapses_->start(rows);
  }
  result_.outputLayer = plan_.outputNeuron;
  if (request_.output)
    result_.outputSpikes.resize(each * static_cast<std::size_t>(plan_.outputs()));
  if (!request_.rasters.empty()) events_.assign(layers, std::vector<std::vector<Event>>(rows));
  if (request_.output || !request_.potentials.empty()) result_.potentials.resize(layers);
  for (std::size_t n = 0; n < layers; ++n) {
    const std::size_t size = each * unitsOf(n);
    if (request_.counts && fires(n)) result_.counts.emplace_back(rows * unitsOf(n));
    if (keepsPotentials(n)) result_.potentials[n].resize(size);
    if (!request_.trace) continue;
    result_.traces.push_back(
        {std::vector<Real>(size), std::vector<Real>(size), std::vector<std::int8_t>(size)});
  }
  return {};
}

template <class Real>
void Recorder<Real>::see(Workspace<Real>& workspace, std::size_t row, std::size_t at,
                         const Chunk& chunk, int used) {
  if (!request_.any()) return;
  const Part part{workspace, row, at, chunk, used};
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    if (fires(n) && (request_.totals || request_.activity)) {
      const std::int64_t spikes = countSpikes(n, part);
      if (request_.totals) result_.totalSpikes[at] += static_cast<double>(spikes);
      if (request_.activity) layerSpikes_[n][at] += spikes;
    }
    if (keepsPotentials(n)) copyPotentials(n, part);
    if (chosen(request_.rasters, n)) listSpikes(n, part);
  }
  if (request_.activity) recordedSteps_[at] += used;
  if (request_.counts) addCounts(part);
  if (request_.trace) trace(part);
  if (request_.output) copySpikes(plan_.outputNeuron, part, result_.outputSpikes.data());
  if (synapses_)
    synapses_->count(workspace, row, at, chunk, used, chunk.first == 0, result_.operations);
}

template <class Real>
Status Recorder<Real>::finish() {
  if (!request_.any()) return {};
  if (eventsLeft_ < 0) {
    return mismatch(Code::Memory, "rasters", "at most " + std::to_string(kMaxEvents) + " events",
                    "more (choose fewer layers, rows or steps)");
  }
  mergeRasters();
  for (std::size_t n = 0; n < layerSpikes_.size(); ++n) {
    if (!fires(n)) continue;
    std::vector<double>& activity = result_.activity.emplace_back(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
      activity[row] = static_cast<double>(layerSpikes_[n][row]) /
                      (static_cast<double>(unitsOf(n)) * static_cast<double>(recordedSteps_[row]));
    }
  }
  return {};
}

template <class Real>
std::int64_t Recorder<Real>::countSpikes(std::size_t neuron, const Part& part) const {
  std::int64_t total = 0;
  for (int word = 0; word < part.chunk.words; ++word) {
    const WordView spikes = part.workspace.spikes(valueOf(neuron), part.row, word);
    const std::uint32_t bits = part.chunk.usedBits(word, part.used);
    const std::uint64_t both = static_cast<std::uint64_t>(bits) << 32 | bits;
    for (int plane = 0; plane < spikes.planes; ++plane) {
      const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
      // Layouts are padded to an even number of units.
      for (std::int64_t i = 0; i < plan_.layoutOf(valueOf(neuron)).size(); i += 2) {
        std::uint64_t pair = 0;
        std::memcpy(&pair, masks + i, sizeof pair);
        if (pair != 0) total += __builtin_popcountll(pair & both);
      }
    }
  }
  return total;
}

template <class Real>
void Recorder<Real>::addCounts(const Part& part) {
  std::size_t layer = 0;
  for (std::size_t n = 0; n < plan_.neurons.size(); ++n) {
    if (!fires(n)) continue;
    const Layout& layout = plan_.layoutOf(valueOf(n));
    std::int32_t* counts = &result_.counts[layer++][part.at * unitsOf(n)];
    for (int word = 0; word < part.chunk.words; ++word) {
      const WordView spikes = part.workspace.spikes(valueOf(n), part.row, word);
      const std::uint32_t bits = part.chunk.usedBits(word, part.used);
      for (int plane = 0; plane < spikes.planes; ++plane) {
        const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
        for (std::int64_t unit = 0; unit < layout.units(); ++unit) {
          const int fired = __builtin_popcount(masks[layout.at(unit)] & bits);
          counts[unit] += plane < spikes.positive ? fired : -fired;
        }
      }
    }
  }
}

template class Recorder<float>;
template class Recorder<double>;

}  // namespace spiq
