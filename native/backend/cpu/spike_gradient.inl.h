// Part of layer_kernels.inl.h: gradients of weights whose inputs are spikes, and of layers whose
// units take one channel each.

namespace spiq {
namespace {

// Rounded once, in the precision of the sum.
inline float fusedScalar(float a, float b, float c) {
  return __builtin_fmaf(a, b, c);
}
inline double fusedScalar(double a, double b, double c) {
  return __builtin_fma(a, b, c);
}

// Of one unit of the input in one word: what its planes hold.
template <class Real, int Lanes>
void addSpikes(const WordView& spikes, std::int64_t unit, const Real* gradient, std::int64_t step,
               Real* to) {
  using L = LaneOf<Real>;
  L sums[Lanes];
  for (int v = 0; v < Lanes; ++v) sums[v] = load<L>(to + v * kWidth<Real>);
  std::uint32_t some = 0;
  for (int plane = 0; plane < spikes.planes; ++plane)
    some |= spikes.masks[plane * spikes.planeStride + unit];
  for (; some != 0; some &= some - 1) {
    const int bit = __builtin_ctz(some);
    int count = 0;
    for (int plane = 0; plane < spikes.planes; ++plane) {
      const auto fired =
          static_cast<int>(spikes.masks[plane * spikes.planeStride + unit] >> bit & 1U);
      count += plane < spikes.positive ? fired : -fired;
    }
    const L times = lane::splat<L>(static_cast<Real>(count));
    const Real* from = gradient + bit * step;
    for (int v = 0; v < Lanes; ++v)
      sums[v] = fusedMultiplyAdd(times, load<L>(from + v * kWidth<Real>), sums[v]);
  }
  for (int v = 0; v < Lanes; ++v) store(to + v * kWidth<Real>, sums[v]);
}

template <class Real, int Lanes>
void addMask(std::uint32_t mask, const Real* gradient, std::int64_t step, Real* to) {
  using L = LaneOf<Real>;
  L sums[Lanes];
  for (int v = 0; v < Lanes; ++v) sums[v] = load<L>(to + v * kWidth<Real>);
  for (; mask != 0; mask &= mask - 1) {
    const Real* from = gradient + __builtin_ctz(mask) * step;
    for (int v = 0; v < Lanes; ++v) sums[v] += load<L>(from + v * kWidth<Real>);
  }
  for (int v = 0; v < Lanes; ++v) store(to + v * kWidth<Real>, sums[v]);
}

// Channels first up to, without it, last of one input position: rows of weights from `to` on.
template <class Real, int Lanes>
void addChannels(const WordView& spikes, std::int64_t first, std::int64_t last,
                 const Real* gradient, std::int64_t step, Real* to) {
  const bool single = spikes.planes == 1 && spikes.positive == 1;
  const std::int64_t start = first / kUnitPadding * kUnitPadding;
  for (std::int64_t channel = start; channel < last; channel += 64) {
    const std::int64_t left = padded(last) - channel;
    std::uint64_t fired =
        firedChannels(spikes, channel, left < 64 ? left : 64) & within({first, last, 0}, channel);
    for (; fired != 0; fired &= fired - 1) {
      const std::int64_t unit = channel + __builtin_ctzll(fired);
      Real* row = to + (unit - first) * (Lanes * kWidth<Real>);
      single ? addMask<Real, Lanes>(spikes.masks[unit], gradient, step, row)
             : addSpikes<Real, Lanes>(spikes, unit, gradient, step, row);
    }
  }
}

template <class Real, int Lanes>
void spikeGradientTile(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                       const Extent& extent, const SpikeBatch& input,
                       const Batch<const Real>& outputGradient, Real* to) {
  const std::int64_t channels = layer.ranges[tile].count();
  const std::int64_t firstTap = rows.first / channels;
  const std::int64_t lastTap = (rows.last + channels - 1) / channels;
  for (std::int64_t row = 0; row < extent.rows; ++row) {
    for (std::int64_t position = 0; position < extent.positions; ++position) {
      const Real* gradient = outputGradient.at + row * outputGradient.row +
                             position * layer.outPadded + tile * kTileUnits;
      const std::int32_t* sources = extent.sources + position * layer.taps;
      for (std::int64_t word = 0; word < extent.words(); ++word) {
        const std::int64_t step = extent.before(word);
        const std::uint32_t* masks = input.masks + row * input.row + word * input.word;
        for (std::int64_t tap = firstTap; tap < lastTap; ++tap) {
          if (sources[tap] < 0) continue;
          const std::int64_t before = tap * channels;
          const std::int64_t first = rows.first > before ? rows.first - before : 0;
          const std::int64_t last = lesser(channels, rows.last - before);
          const WordView spikes{masks + sources[tap] * layer.inPadded, input.planeStride,
                                input.positive, input.planes};
          addChannels<Real, Lanes>(spikes, layer.ranges[tile].first + first,
                                   layer.ranges[tile].first + last,
                                   gradient + step * outputGradient.step, outputGradient.step,
                                   to + (before + first) * (Lanes * kWidth<Real>));
        }
      }
    }
  }
}

template <class Real>
void spikeGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                   const Extent& extent, const SpikeBatch& input,
                   const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  Real* to = gradient + layer.tileOffset(tile);
  if (!add) clearRows(rows, layer.tileWidth(tile), to);
  withTile(layer, tile, [&](const Real*, auto groups) {
    constexpr int lanes = static_cast<int>(groups.count * kUnitPadding / kWidth<Real>);
    spikeGradientTile<Real, lanes>(layer, tile, rows, extent, input, outputGradient, to);
  });
  clearBetweenGroups(layer, tile, rows, to);
}

template <class Real, int Lanes>
void addAloneLanes(const LinearView<Real>& layer, std::int64_t tap, std::int64_t unit,
                   const Extent& extent, const Batch<const Real>& input,
                   const Batch<const Real>& outputGradient, bool add, Real* to) {
  using L = LaneOf<Real>;
  L sums[Lanes];
  for (int v = 0; v < Lanes; ++v) sums[v] = add ? load<L>(to + v * kWidth<Real>) : L{};
  eachSource(extent, layer.taps, tap, [&](const Step& at, std::int64_t source) {
    const Real* x =
        input.at + at.row * input.row + at.step * input.step + source * layer.inPadded + unit;
    const Real* dy = outputGradient.at + at.row * outputGradient.row +
                     at.step * outputGradient.step + at.position * layer.outPadded + unit;
    for (int v = 0; v < Lanes; ++v) {
      sums[v] =
          fusedMultiplyAdd(load<L>(x + v * kWidth<Real>), load<L>(dy + v * kWidth<Real>), sums[v]);
    }
  });
  for (int v = 0; v < Lanes; ++v) store(to + v * kWidth<Real>, sums[v]);
}

template <class Real>
void weightGradientAlone(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                         const Extent& extent, const Batch<const Real>& input,
                         const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  const std::int64_t width = layer.tileWidth(tile);
  const std::int64_t start = tile * kTileUnits;
  for (std::int64_t tap = rows.first; tap < rows.last; ++tap) {
    Real* to = gradient + layer.tileOffset(tile) + tap * width;
    std::int64_t unit = 0;
    for (; unit + 4 * kWidth<Real> <= width; unit += 4 * kWidth<Real>)
      addAloneLanes<Real, 4>(layer, tap, start + unit, extent, input, outputGradient, add,
                             to + unit);
    for (; unit < width; unit += kWidth<Real>)
      addAloneLanes<Real, 1>(layer, tap, start + unit, extent, input, outputGradient, add,
                             to + unit);
  }
}

// Unit by unit: a spike concerns one weight only.
template <class Real>
void spikeGradientAlone(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                        const Extent& extent, const SpikeBatch& input,
                        const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  const std::int64_t width = layer.tileWidth(tile);
  Real* tileGradient = gradient + layer.tileOffset(tile);
  if (!add) clearRows(rows, width, tileGradient);
  Extent words = extent;
  words.steps = extent.words();
  for (std::int64_t tap = rows.first; tap < rows.last; ++tap) {
    Real* to = tileGradient + tap * width;
    eachSource(words, layer.taps, tap, [&](const Step& at, std::int64_t source) {
      const std::uint32_t* masks =
          input.masks + at.row * input.row + at.step * input.word + source * layer.inPadded;
      const Real* dy = outputGradient.at + at.row * outputGradient.row +
                       extent.before(at.step) * outputGradient.step + at.position * layer.outPadded;
      for (std::int64_t unit = 0; unit < width; ++unit) {
        const std::int64_t channel = tile * kTileUnits + unit;
        Real sum = to[unit];
        std::uint32_t some = 0;
        for (int plane = 0; plane < input.planes; ++plane)
          some |= masks[plane * input.planeStride + channel];
        for (; some != 0; some &= some - 1) {
          const int bit = __builtin_ctz(some);
          int count = 0;
          for (int plane = 0; plane < input.planes; ++plane) {
            const auto fired =
                static_cast<int>(masks[plane * input.planeStride + channel] >> bit & 1U);
            count += plane < input.positive ? fired : -fired;
          }
          sum = fusedScalar(static_cast<Real>(count), dy[bit * outputGradient.step + channel], sum);
        }
        to[unit] = sum;
      }
    });
  }
}

}  // namespace
}  // namespace spiq
