// Part of layer_kernels.inl.h: products with real inputs.

namespace spiq {
namespace {

// With as many columns at once their sums stay in registers while a row of weights serves all.
constexpr int kColumns = 6;

template <class Real, int Columns, int Lanes>
void projectBlock(const LinearView<Real>& layer, const Real* weights, std::int64_t width,
                  std::int64_t unit, const Column<Real>* columns) {
  using L = LaneOf<Real>;
  L sums[Columns][Lanes];
  for (auto& column : sums) {
    for (L& sum : column) sum = L{};
  }
  const Real* row = weights + (unit % kTileUnits);
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    const Real* inputs[Columns];
    bool inside = false;
    for (int c = 0; c < Columns; ++c) {
      const std::int64_t source = columns[c].sources[tap];
      inputs[c] = source < 0 ? layer.zeros : columns[c].input + source * layer.inPadded;
      inside |= source >= 0;
    }
    if (!inside) {
      row += layer.channels * width;
      continue;
    }
    for (std::int64_t channel = 0; channel < layer.channels; ++channel, row += width) {
      // A product with 0 changes no sum: black pixels cost no weights.
      if (Columns == 1 && inputs[0][channel] == Real{0}) continue;
      for (int c = 0; c < Columns; ++c) {
        const L value = lane::splat<L>(inputs[c][channel]);
        for (int v = 0; v < Lanes; ++v) {
          sums[c][v] = fusedMultiplyAdd(load<L>(row + v * kWidth<Real>), value, sums[c][v]);
        }
      }
    }
  }
  for (int c = 0; c < Columns; ++c) {
    for (int v = 0; v < Lanes; ++v) {
      const std::int64_t at = unit + v * kWidth<Real>;
      store(columns[c].output + at, sums[c][v] + load<L>(layer.bias + at));
    }
  }
}

template <class Real, int Columns>
void projectTile(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns) {
  constexpr std::int64_t together = SPIQ_TILE_LANES * kWidth<Real>;
  const Real* weights = layer.tileWeights(tile);
  const std::int64_t width = layer.tileWidth(tile);
  const std::int64_t end = tile * kTileUnits + width;
  std::int64_t unit = tile * kTileUnits;
  for (; unit + together <= end; unit += together)
    projectBlock<Real, Columns, SPIQ_TILE_LANES>(layer, weights, width, unit, columns);
  if constexpr (SPIQ_TILE_LANES > 2) {
    for (; unit + 2 * kWidth<Real> <= end; unit += 2 * kWidth<Real>)
      projectBlock<Real, Columns, 2>(layer, weights, width, unit, columns);
  }
  for (; unit < end; unit += kWidth<Real>)
    projectBlock<Real, Columns, 1>(layer, weights, width, unit, columns);
}

template <class Real>
void project(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns,
             std::size_t count) {
  for (; count >= kColumns; count -= kColumns, columns += kColumns)
    projectTile<Real, kColumns>(layer, tile, columns);
  if (count >= 3) {
    projectTile<Real, 3>(layer, tile, columns);
    count -= 3;
    columns += 3;
  }
  for (; count > 0; --count, ++columns) projectTile<Real, 1>(layer, tile, columns);
}

}  // namespace
}  // namespace spiq
