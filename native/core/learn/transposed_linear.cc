#include "core/learn/transposed_linear.h"

#include <algorithm>
#include <numeric>

namespace spiq {

namespace {

// Columns that a kernel projects at once. They are one position's in as many steps: then all have
// the same taps, at the edge too.
constexpr std::int64_t kTogether = 6;
// Columns of one task: enough to go through blocks of weights in the first cache together.
constexpr std::int64_t kColumns = 96;
// Columns that are kept for the next time: they take longer to write than small layers to compute.
constexpr std::size_t kColumnsKept = 8192;

template <class A, class B>
bool sameBatch(const A& a, const B& b) {
  return a.at == b.at && a.row == b.row && a.step == b.step;
}

// For each input position and tap the output position that looks at it, -1 for none.
template <class Real>
std::vector<std::int32_t> inverted(const LinearData<Real>& layer) {
  const std::int64_t taps = layer.view().taps;
  std::vector<std::int32_t> seenBy(static_cast<std::size_t>(layer.in().positions * taps), -1);
  for (std::int64_t position = 0; position < layer.out().positions; ++position) {
    for (std::int64_t tap = 0; tap < taps; ++tap) {
      const std::int32_t source = layer.sources(position)[tap];
      if (source >= 0)
        seenBy[static_cast<std::size_t>(source * taps + tap)] = static_cast<std::int32_t>(position);
    }
  }
  return seenBy;
}

}  // namespace

template <class Real>
TransposedLinear<Real>::TransposedLinear(const LinearData<Real>& layer)
    : layer_(layer),
      zeros_(static_cast<std::size_t>(std::max(layer.in().stride, layer.out().stride)), Real{0}) {
  sort(inverted(layer));
  for (std::size_t kind = 0; kind < kinds_.size(); ++kind) setWeights(kind);
  for (Kind& kind : kinds_) setDistances(kind);
  for (std::size_t part = 0; part < parts(); ++part) copyWeights(part);
}

template <class Real>
void TransposedLinear<Real>::sort(const std::vector<std::int32_t>& seenBy) {
  const auto taps = static_cast<std::size_t>(layer_.view().taps);
  std::vector<std::vector<std::int32_t>> seen(static_cast<std::size_t>(layer_.in().positions));
  for (std::size_t i = 0; i < seenBy.size(); ++i) {
    if (seenBy[i] >= 0) seen[i / taps].push_back(static_cast<std::int32_t>(i % taps));
  }
  std::vector<std::size_t> order(seen.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return seen[a].size() > seen[b].size(); });
  std::vector<std::size_t> kindOf(seen.size());
  for (const std::size_t position : order) {
    const std::vector<std::int32_t>& mine = seen[position];
    std::size_t kind = 0;
    while (kind < kinds_.size() &&
           !std::includes(kinds_[kind].taps.begin(), kinds_[kind].taps.end(), mine.begin(),
                          mine.end()))
      ++kind;
    if (kind == kinds_.size()) kinds_.emplace_back().taps = mine;
    kindOf[position] = kind;
  }
  for (std::size_t position = 0; position < seen.size(); ++position) {
    Kind& kind = kinds_[kindOf[position]];
    kind.positions.push_back(static_cast<std::int64_t>(position));
    kind.whole.push_back(kind.taps.size() == seen[position].size());
    for (const std::int32_t tap : kind.taps)
      kind.sources.push_back(seenBy[position * taps + static_cast<std::size_t>(tap)]);
  }
}

template <class Real>
void TransposedLinear<Real>::setDistances(Kind& kind) const {
  if (partial_ || layer_.view().alone || kind.taps.empty()) return;
  std::vector<std::int32_t> apart;
  for (std::size_t i = 0; i < kind.positions.size(); ++i) {
    if (!kind.whole[i]) continue;
    const auto first = kind.sources.begin() + static_cast<std::ptrdiff_t>(i * kind.taps.size());
    std::vector<std::int32_t> here(first, first + static_cast<std::ptrdiff_t>(kind.taps.size()));
    for (std::int32_t& source : here) source -= *first;
    if (apart.empty()) apart = here;
    if (apart != here) return;
  }
  for (const std::int32_t positions : apart) {
    for (std::int64_t unit = 0; unit < layer_.out().channels; ++unit)
      kind.distances.push_back(static_cast<std::int32_t>(positions * layer_.out().stride + unit));
  }
}

template <class Real>
void TransposedLinear<Real>::setWeights(std::size_t index) {
  Kind& kind = kinds_[index];
  const LinearView<Real> from = layer_.view();
  const Layout& in = layer_.in();
  const auto taps = static_cast<std::int64_t>(kind.taps.size());
  std::int64_t weights = 0;
  for (std::int64_t tile = 0; tile < tiles(); ++tile) {
    const std::int64_t first = tile * kTileUnits;
    const std::int64_t width = std::min(kTileUnits, in.stride - first);
    const std::int64_t last = std::min(first + width, in.channels) - 1;
    const ChannelRange range{first / from.groupChannels * from.groupUnits,
                             (last / from.groupChannels + 1) * from.groupUnits, weights};
    kind.ranges.push_back(range);
    partial_ |= range.count() < layer_.out().channels;
    weights += taps * (from.alone ? 1 : range.count()) * width;
    for (std::size_t tap = 0; tap < kind.taps.size(); ++tap) parts_.push_back({index, tile, tap});
  }
  kind.weights.assign(static_cast<std::size_t>(weights), Real{0});
}

template <class Real>
LinearView<Real> TransposedLinear<Real>::view(const Kind& kind) const {
  const LinearView<Real> from = layer_.view();
  return {static_cast<std::int64_t>(kind.taps.size()),
          layer_.out().channels,
          layer_.out().stride,
          layer_.out().columns,
          layer_.in().stride,
          kind.weights.data(),
          zeros_.data(),
          zeros_.data(),
          kind.distances.empty() ? nullptr : kind.distances.data(),
          kind.ranges.data(),
          partial_,
          from.alone,
          from.groupUnits,
          from.groupChannels};
}

template <class Real>
void TransposedLinear<Real>::copyWeights(std::size_t part) {
  Kind& kind = kinds_[parts_[part].kind];
  const LinearView<Real> from = layer_.view();
  const LinearView<Real> to = view(kind);
  const std::int64_t tile = parts_[part].tile;
  const auto tap = static_cast<std::int64_t>(parts_[part].tap);
  const std::int64_t fromTap = kind.taps[parts_[part].tap];
  const std::int64_t width = to.tileWidth(tile);
  const std::int64_t first = tile * kTileUnits;
  Real* rows = kind.weights.data() + to.tileOffset(tile);
  if (from.alone) {
    std::copy_n(from.tileWeights(tile) + fromTap * width, width, rows + tap * width);
    return;
  }
  const ChannelRange& units = kind.ranges[static_cast<std::size_t>(tile)];
  rows += tap * units.count() * width;
  const std::int64_t channels = std::min(first + width, layer_.in().channels);
  for (std::int64_t unit = units.first; unit < units.last; ++unit, rows += width) {
    const std::int64_t fromTile = unit / kTileUnits;
    const ChannelRange& range = from.ranges[fromTile];
    const std::int64_t fromWidth = from.tileWidth(fromTile);
    const Real* column =
        from.tileWeights(fromTile) + unit % kTileUnits + fromTap * range.count() * fromWidth;
    const std::int64_t end = std::min(channels, range.last);
    for (std::int64_t channel = std::max(first, range.first); channel < end; ++channel)
      rows[channel - first] = column[(channel - range.first) * fromWidth];
  }
}

template <class Real>
std::int64_t TransposedLinear<Real>::together(const Kind& kind) const {
  const auto positions = static_cast<std::int64_t>(kind.positions.size());
  return std::max<std::int64_t>(kColumns / positions / kTogether, 1) * kTogether;
}

template <class Real>
std::int64_t TransposedLinear<Real>::chunks(const Kind& kind) const {
  return (rows_ * steps_ + together(kind) - 1) / together(kind);
}

template <class Real>
std::size_t TransposedLinear<Real>::tasks() const {
  std::int64_t count = 0;
  for (const Kind& kind : kinds_) count += tiles() * chunks(kind);
  return static_cast<std::size_t>(count);
}

template <class Real>
void TransposedLinear<Real>::start(std::int64_t rows, std::int64_t steps,
                                   const Batch<const Real>& outputGradient,
                                   const Batch<Real>& inputGradient) {
  if (rows == rows_ && steps == steps_ && sameBatch(outputGradient, from_) &&
      sameBatch(inputGradient, to_))
    return;
  rows_ = rows;
  steps_ = steps;
  from_ = outputGradient;
  to_ = inputGradient;
  for (Kind& kind : kinds_) {
    const std::size_t count = static_cast<std::size_t>(rows * steps) * kind.positions.size();
    kind.columns.resize(count <= kColumnsKept ? count : 0);
    Column<Real>* to = kind.columns.data();
    for (std::int64_t chunk = 0; chunk < chunks(kind) && !kind.columns.empty(); ++chunk)
      to = lay(kind, chunk, to);
  }
}

// The samples of a chunk, for one position after the other; returns the end.
template <class Real>
Column<Real>* TransposedLinear<Real>::lay(const Kind& kind, std::int64_t chunk,
                                          Column<Real>* column) const {
  const std::int64_t first = chunk * together(kind);
  const std::int64_t last = std::min(first + together(kind), rows_ * steps_);
  const auto taps = static_cast<std::int64_t>(kind.taps.size());
  const std::int32_t* sources = kind.sources.data();
  for (std::size_t i = 0; i < kind.positions.size(); ++i, sources += taps) {
    const bool whole = kind.whole[i];
    const std::int64_t offset = kind.positions[i] * layer_.in().stride;
    std::int64_t step = first % steps_;
    std::int64_t row = first / steps_;
    for (std::int64_t left = last - first; left > 0; ++row, step = 0) {
      const std::int64_t end = std::min(steps_, step + left);
      const Real* from = from_.at + row * from_.row;
      Real* to = to_.at + row * to_.row + offset;
      left -= end - step;
      for (; step < end; ++step)
        *column++ = {from + step * from_.step, sources, to + step * to_.step, whole};
    }
  }
  return column;
}

template <class Real>
void TransposedLinear<Real>::run(const Backend<Real>& backend, std::size_t task,
                                 std::vector<Column<Real>>& columns) const {
  auto left = static_cast<std::int64_t>(task);
  auto kind = kinds_.begin();
  for (; left >= tiles() * chunks(*kind); ++kind) left -= tiles() * chunks(*kind);
  const std::int64_t chunk = left / tiles();
  const std::int64_t samples = std::min(together(*kind), rows_ * steps_ - chunk * together(*kind));
  const std::size_t count = static_cast<std::size_t>(samples) * kind->positions.size();
  const Column<Real>* from =
      kind->columns.data() +
      static_cast<std::size_t>(chunk * together(*kind)) * kind->positions.size();
  if (kind->columns.empty()) {
    if (columns.size() < count) columns.resize(count);
    lay(*kind, chunk, columns.data());
    from = columns.data();
  }
  backend.project(view(*kind), left % tiles(), from, count);
}

template class TransposedLinear<float>;
template class TransposedLinear<double>;

}  // namespace spiq
