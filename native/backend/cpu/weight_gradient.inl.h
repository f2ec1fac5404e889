// Part of layer_kernels.inl.h: gradients of weights from real inputs.

namespace spiq {
namespace {

// Output gradients of a tile that stay in the first cache while all its rows go over them.
constexpr std::int64_t kPairedBytes = 32768;
constexpr std::int64_t kMostPairs = 128;

// Output gradients and, for each, the inputs of one tap that it belongs to.
template <class Real>
struct Pairs {
  std::int64_t count;
  const Real* inputs[kMostPairs];
  const Real* gradients[kMostPairs];
};

// What the next `count` places pair, without those whose input lies beyond the edge.
template <class Real>
void pairUp(const LinearView<Real>& layer, const Extent& extent, const Batch<const Real>& input,
            const Batch<const Real>& gradient, Step at, std::int64_t count, std::int64_t tap,
            std::int64_t channel, Pairs<Real>& pairs) {
  std::int64_t made = 0;
  for (std::int64_t steps = 0; count > 0; count -= steps) {
    steps = lesser(extent.steps - at.step, count);
    const std::int32_t source = extent.sources[at.position * layer.taps + tap];
    if (source >= 0) {
      const Real* x =
          input.at + at.row * input.row + at.step * input.step + source * layer.inPadded + channel;
      const Real* dy = gradient.at + at.row * gradient.row + at.step * gradient.step +
                       at.position * layer.outPadded;
      for (std::int64_t i = 0; i < steps; ++i, ++made) {
        pairs.inputs[made] = x + i * input.step;
        pairs.gradients[made] = dy + i * gradient.step;
      }
    }
    at.advance(extent, steps);
  }
  pairs.count = made;
}

// Rows * Lanes sums stay in registers; what they were before is read and written once.
template <class Real, int Rows, int Lanes>
void addOuter(const Pairs<Real>& pairs, std::int64_t row, std::int64_t unit, bool fresh, Real* to,
              std::int64_t width) {
  using L = LaneOf<Real>;
  L sums[Rows][Lanes];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 16
    for (int v = 0; v < Lanes; ++v)
      sums[r][v] = fresh ? L{} : load<L>(to + r * width + v * kWidth<Real>);
  }
  for (std::int64_t i = 0; i < pairs.count; ++i) {
    const Real* x = pairs.inputs[i] + row;
    const Real* from = pairs.gradients[i] + unit;
    L dy[Lanes];
#pragma GCC unroll 16
    for (int v = 0; v < Lanes; ++v) dy[v] = load<L>(from + v * kWidth<Real>);
#pragma GCC unroll 16
    for (int r = 0; r < Rows; ++r) {
      const L value = lane::splat<L>(x[r]);
#pragma GCC unroll 16
      for (int v = 0; v < Lanes; ++v) sums[r][v] = fusedMultiplyAdd(value, dy[v], sums[r][v]);
    }
  }
#pragma GCC unroll 16
  for (int r = 0; r < Rows; ++r) {
#pragma GCC unroll 16
    for (int v = 0; v < Lanes; ++v) store(to + r * width + v * kWidth<Real>, sums[r][v]);
  }
}

// Rows that lie side by side in the input, in blocks of at most Rows.
template <class Real, int Rows, int Lanes>
void addRows(const Pairs<Real>& pairs, std::int64_t first, std::int64_t count, std::int64_t unit,
             bool fresh, Real* to, std::int64_t width) {
  for (; count >= Rows; count -= Rows, first += Rows, to += Rows * width)
    addOuter<Real, Rows, Lanes>(pairs, first, unit, fresh, to, width);
  if constexpr (Rows > 1) {
    if (count > 0)
      addRows<Real, (Rows % 4 == 0 && Rows > 4 ? Rows - 4 : Rows / 2), Lanes>(
          pairs, first, count, unit, fresh, to, width);
  }
}

template <class Real>
void addRun(const Pairs<Real>& pairs, std::int64_t first, std::int64_t count,
            std::int64_t firstUnit, bool fresh, Real* to, std::int64_t width) {
  constexpr int lanes = SPIQ_TILE_LANES;
  constexpr int rows = SPIQ_OUTER_SUMS / lanes;
  std::int64_t unit = 0;
  for (; unit + lanes * kWidth<Real> <= width; unit += lanes * kWidth<Real>)
    addRows<Real, rows, lanes>(pairs, first, count, firstUnit + unit, fresh, to + unit, width);
  if constexpr (lanes > 2) {
    for (; unit + 2 * kWidth<Real> <= width; unit += 2 * kWidth<Real>)
      addRows<Real, SPIQ_OUTER_SUMS / 2, 2>(pairs, first, count, firstUnit + unit, fresh, to + unit,
                                            width);
  }
  for (; unit < width; unit += kWidth<Real>)
    addRows<Real, SPIQ_OUTER_SUMS / 2, 1>(pairs, first, count, firstUnit + unit, fresh, to + unit,
                                          width);
}

// The end of the rows whose inputs lie side by side, for all positions alike.
template <class Real>
std::int64_t runEnd(const LinearView<Real>& layer, bool alike, std::int64_t channels,
                    std::int64_t row, std::int64_t last) {
  if (!alike) return lesser((row / channels + 1) * channels, last);
  std::int64_t end = row + 1;
  while (end < last && layer.distances[end] == layer.distances[end - 1] + 1) ++end;
  return end;
}

template <class Real>
void weightGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                    const Extent& extent, const Batch<const Real>& input,
                    const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  const std::int64_t width = layer.tileWidth(tile);
  const std::int64_t channels = layer.ranges[tile].count();
  Real* to = gradient + layer.tileOffset(tile);
  const std::int64_t total = extent.rows * extent.positions * extent.steps;
  const std::int64_t most =
      lesser(kMostPairs, kPairedBytes / (width * static_cast<std::int64_t>(sizeof(Real))));
  Pairs<Real> pairs;  // NOLINT(cppcoreguidelines-pro-type-member-init): written before it is read
  Step at{0, 0, 0};
  const bool alike = extent.whole && layer.distances != nullptr;
  for (std::int64_t done = 0, count = 0; done < total || done == 0; done += count) {
    count = lesser(most, total - done);
    if (alike) pairUp(layer, extent, input, outputGradient, at, count, 0, 0, pairs);
    for (std::int64_t row = rows.first, end = row; row < rows.last; row = end) {
      end = runEnd(layer, alike, channels, row, rows.last);
      if (!alike) {
        pairUp(layer, extent, input, outputGradient, at, count, row / channels,
               layer.ranges[tile].first + row % channels, pairs);
      }
      addRun(pairs, alike ? layer.distances[row] : 0, end - row, tile * kTileUnits,
             done == 0 && !add, to + row * width, width);
    }
    if (total == 0) break;
    for (std::int64_t left = count, steps = 0; left > 0; left -= steps) {
      steps = lesser(extent.steps - at.step, left);
      at.advance(extent, steps);
    }
  }
  clearBetweenGroups(layer, tile, rows, to);
}

template <class Real, int Lanes>
void addBiases(std::int64_t outPadded, std::int64_t unit, const Extent& extent,
               const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  using L = LaneOf<Real>;
  L sums[Lanes];
#pragma GCC unroll 16
  for (int v = 0; v < Lanes; ++v) sums[v] = add ? load<L>(gradient + unit + v * kWidth<Real>) : L{};
  for (std::int64_t row = 0; row < extent.rows; ++row) {
    for (std::int64_t position = 0; position < extent.positions; ++position) {
      const Real* from = outputGradient.at + row * outputGradient.row + position * outPadded + unit;
      for (std::int64_t step = 0; step < extent.steps; ++step, from += outputGradient.step) {
#pragma GCC unroll 16
        for (int v = 0; v < Lanes; ++v) sums[v] += load<L>(from + v * kWidth<Real>);
      }
    }
  }
#pragma GCC unroll 16
  for (int v = 0; v < Lanes; ++v) store(gradient + unit + v * kWidth<Real>, sums[v]);
}

template <class Real>
void biasGradient(std::int64_t outPadded, std::int64_t firstUnit, std::int64_t lastUnit,
                  const Extent& extent, const Batch<const Real>& outputGradient, bool add,
                  Real* gradient) {
  std::int64_t unit = firstUnit;
  for (; unit + 4 * kWidth<Real> <= lastUnit; unit += 4 * kWidth<Real>)
    addBiases<Real, 4>(outPadded, unit, extent, outputGradient, add, gradient);
  for (; unit < lastUnit; unit += kWidth<Real>)
    addBiases<Real, 1>(outPadded, unit, extent, outputGradient, add, gradient);
}

}  // namespace
}  // namespace spiq
