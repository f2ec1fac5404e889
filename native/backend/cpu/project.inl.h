// Part of layer_kernels.inl.h: products with real inputs.

namespace spiq {
namespace {

// With as many columns at once their sums stay in registers while a row of weights serves all.
constexpr int kColumns = 6;

// Rows of weights that all columns go through before the next are read.
struct Rows {
  std::int64_t firstTap;
  std::int64_t lastTap;
  std::int64_t firstChannel;
  std::int64_t lastChannel;
  bool first;
  bool last;
  std::int64_t firstOfTile;  // the channel that the rows' channels count from
  std::int64_t channels;     // rows of a tap
  std::int64_t ahead;  // how far behind a row lies what will be read next, 0: not to be fetched yet
};

template <class Real, int Columns, int Lanes>
using Sums = LaneOf<Real>[Columns][Lanes];

template <class Real, int Columns, int Lanes>
inline void addProducts(Sums<Real, Columns, Lanes>& sums, const Real* row,
                        const Real* const* inputs, std::int64_t at) {
  using L = LaneOf<Real>;
  L weights[Lanes];
#pragma GCC unroll 8
  for (int v = 0; v < Lanes; ++v) weights[v] = load<L>(row + v * kWidth<Real>);
#pragma GCC unroll 8
  for (int c = 0; c < Columns; ++c) {
    const L value = lane::splat<L>(inputs[c][at]);
#pragma GCC unroll 8
    for (int v = 0; v < Lanes; ++v) sums[c][v] = fusedMultiplyAdd(weights[v], value, sums[c][v]);
  }
}

// All taps of all columns lie inside: one loop over taps and channels.
template <class Real, int Columns, int Lanes>
void projectWhole(const LinearView<Real>& layer, const Real* weights, std::int64_t width,
                  const Rows& rows, const Column<Real>* columns, Sums<Real, Columns, Lanes>& sums) {
  const Real* inputs[Columns];
#pragma GCC unroll 8
  for (int c = 0; c < Columns; ++c)
    inputs[c] = columns[c].input + columns[c].sources[0] * layer.inPadded;
  const std::int64_t first = rows.firstTap * layer.channels + rows.firstChannel;
  const std::int64_t last = (rows.lastTap - 1) * layer.channels + rows.lastChannel;
  const Real* row = weights + first * width;
  for (std::int64_t i = first; i < last; ++i, row += width) {
    if (rows.ahead != 0) __builtin_prefetch(row + rows.ahead, 0, 2);
    addProducts<Real, Columns, Lanes>(sums, row, inputs, layer.distances[i]);
  }
}

template <class Real, int Columns, int Lanes>
void projectTaps(const LinearView<Real>& layer, const Real* weights, std::int64_t width,
                 const Rows& rows, const Column<Real>* columns, Sums<Real, Columns, Lanes>& sums) {
  for (std::int64_t tap = rows.firstTap; tap < rows.lastTap; ++tap) {
    const Real* inputs[Columns];
    bool inside = false;
#pragma GCC unroll 8
    for (int c = 0; c < Columns; ++c) {
      const std::int64_t source = columns[c].sources[tap];
      inputs[c] =
          source < 0 ? layer.zeros : columns[c].input + source * layer.inPadded + rows.firstOfTile;
      inside |= source >= 0;
    }
    if (!inside) continue;
    const Real* row = weights + (tap * rows.channels + rows.firstChannel) * width;
    for (std::int64_t channel = rows.firstChannel; channel < rows.lastChannel;
         ++channel, row += width) {
      if (Columns > 1 && rows.ahead != 0) __builtin_prefetch(row + rows.ahead, 0, 2);
      // A product with 0 changes no sum: black pixels cost no weights.
      if (Columns == 1 && inputs[0][channel] == Real{0}) continue;
      addProducts<Real, Columns, Lanes>(sums, row, inputs, channel);
    }
  }
}

template <class Real, int Columns, int Lanes>
void projectBlock(const LinearView<Real>& layer, const Real* weights, std::int64_t width,
                  std::int64_t unit, const Rows& rows, const Column<Real>* columns) {
  using L = LaneOf<Real>;
  Sums<Real, Columns, Lanes> sums;
  bool whole = Columns > 1 && layer.taps > 1 && layer.distances != nullptr;
#pragma GCC unroll 8
  for (int c = 0; c < Columns; ++c) {
    whole &= columns[c].whole;
#pragma GCC unroll 8
    for (int v = 0; v < Lanes; ++v)
      sums[c][v] = rows.first ? L{} : load<L>(columns[c].output + unit + v * kWidth<Real>);
  }
  const Real* from = weights + unit % kTileUnits;
  whole ? projectWhole<Real, Columns, Lanes>(layer, from, width, rows, columns, sums)
        : projectTaps<Real, Columns, Lanes>(layer, from, width, rows, columns, sums);
#pragma GCC unroll 8
  for (int c = 0; c < Columns; ++c) {
#pragma GCC unroll 8
    for (int v = 0; v < Lanes; ++v) {
      const std::int64_t at = unit + v * kWidth<Real>;
      if (rows.last) sums[c][v] += load<L>(layer.bias + at);
      store(columns[c].output + at, sums[c][v]);
    }
  }
}

template <class Real, int Columns>
void projectTile(const LinearView<Real>& layer, std::int64_t tile, const Rows& rows,
                 const Column<Real>* columns) {
  constexpr std::int64_t together = SPIQ_TILE_LANES * kWidth<Real>;
  const Real* weights = layer.tileWeights(tile);
  const std::int64_t width = layer.tileWidth(tile);
  const std::int64_t end = tile * kTileUnits + width;
  std::int64_t unit = tile * kTileUnits;
  for (; unit + together <= end; unit += together)
    projectBlock<Real, Columns, SPIQ_TILE_LANES>(layer, weights, width, unit, rows, columns);
  if constexpr (SPIQ_TILE_LANES > 2) {
    for (; unit + 2 * kWidth<Real> <= end; unit += 2 * kWidth<Real>)
      projectBlock<Real, Columns, 2>(layer, weights, width, unit, rows, columns);
  }
  for (; unit < end; unit += kWidth<Real>)
    projectBlock<Real, Columns, 1>(layer, weights, width, unit, rows, columns);
}

// Columns in even portions: none is left to go alone. Each portion fetches its part of the rows
// behind, a line of every row.
template <class Real>
void projectRows(const LinearView<Real>& layer, std::int64_t tile, Rows rows,
                 const Column<Real>* columns, std::int64_t count) {
  constexpr std::int64_t line = 64 / static_cast<std::int64_t>(sizeof(Real));
  const std::int64_t width = layer.tileWidth(tile);
  const std::int64_t behind =
      rows.last ? 0
                : (rows.lastTap - rows.firstTap) * (rows.lastChannel - rows.firstChannel) * width;
  const std::int64_t portions = (count + kColumns - 1) / kColumns;
  for (std::int64_t i = 0; i < portions; ++i) {
    rows.ahead = i * line < width && behind != 0 ? behind + i * line : 0;
    const std::int64_t first = count * i / portions;
    const Column<Real>* from = columns + first;
    switch (count * (i + 1) / portions - first) {
      case 1:
        projectTile<Real, 1>(layer, tile, rows, from);
        break;
      case 2:
        projectTile<Real, 2>(layer, tile, rows, from);
        break;
      case 3:
        projectTile<Real, 3>(layer, tile, rows, from);
        break;
      case 4:
        projectTile<Real, 4>(layer, tile, rows, from);
        break;
      case 5:
        projectTile<Real, 5>(layer, tile, rows, from);
        break;
      default:
        projectTile<Real, kColumns>(layer, tile, rows, from);
    }
  }
}

template <class Real>
void project(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns,
             std::size_t columnCount) {
  const auto count = static_cast<std::int64_t>(columnCount);
  const std::int64_t start = layer.ranges[tile].first;
  const std::int64_t each = layer.ranges[tile].count();
  const std::int64_t rowBytes = layer.tileWidth(tile) * static_cast<std::int64_t>(sizeof(Real));
  const std::int64_t most = kBlockBytes / rowBytes;
  if (count <= kColumns || layer.taps * each <= most) {
    return projectRows(layer, tile, {0, layer.taps, 0, each, true, true, start, each, 0}, columns,
                       count);
  }
  const std::int64_t taps = each < most ? most / each : 1;
  const std::int64_t channels = each < most ? each : most;
  for (std::int64_t tap = 0; tap < layer.taps; tap += taps) {
    const std::int64_t lastTap = tap + taps < layer.taps ? tap + taps : layer.taps;
    for (std::int64_t channel = 0; channel < each; channel += channels) {
      const std::int64_t last = channel + channels < each ? channel + channels : each;
      projectRows(layer, tile,
                  {tap, lastTap, channel, last, tap == 0 && channel == 0,
                   lastTap == layer.taps && last == each, start, each, 0},
                  columns, count);
    }
  }
}

}  // namespace
}  // namespace spiq
