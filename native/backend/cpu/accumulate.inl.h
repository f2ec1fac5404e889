// Part of layer_kernels.inl.h: sums of the weights whose inputs fired.

namespace spiq {
namespace {

// Adds (or subtracts) a row of weights in every step whose bit is set.
template <class Real, int Lanes, bool Add>
inline void addRow(const Real* row, std::uint32_t mask, Real* sums) {
  using L = LaneOf<Real>;
  L weights[Lanes];
  for (int v = 0; v < Lanes; ++v) weights[v] = load<L>(row + v * kWidth<Real>);
  for (; mask != 0; mask &= mask - 1) {
    Real* at = sums + __builtin_ctz(mask) * (Lanes * kWidth<Real>);
    for (int v = 0; v < Lanes; ++v) {
      const L sum = load<L>(at + v * kWidth<Real>);
      store(at + v * kWidth<Real>, Add ? sum + weights[v] : sum - weights[v]);
    }
  }
}

template <class Real, int Lanes>
void addPlanes(const WordView& spikes, std::int64_t unit, const Real* row, Real* sums) {
  for (int plane = 0; plane < spikes.positive; ++plane)
    addRow<Real, Lanes, true>(row, spikes.masks[plane * spikes.planeStride + unit], sums);
  for (int plane = spikes.positive; plane < spikes.planes; ++plane)
    addRow<Real, Lanes, false>(row, spikes.masks[plane * spikes.planeStride + unit], sums);
}

// Channels among 16 that fired at all; a unit fires in a higher plane only if it does in the first
// of its sign.
inline unsigned firedChannels(const WordView& spikes, std::int64_t unit) {
  unsigned fired = spikes.positive > 0 ? nonZeroWords(spikes.masks + unit) : 0;
  if (spikes.planes > spikes.positive)
    fired |= nonZeroWords(spikes.masks + spikes.positive * spikes.planeStride + unit);
  return fired;
}

template <class Real, int Groups>
void accumulateTile(const LinearView<Real>& layer, const Real* weights, const std::int32_t* sources,
                    const WordView& spikes, int steps, Real* sums) {
  constexpr std::int64_t width = Groups * kUnitPadding;
  constexpr int lanes = static_cast<int>(width / kWidth<Real>);
  const bool single = spikes.planes == 1 && spikes.positive == 1;
  for (std::int64_t i = 0; i < steps * width; i += kWidth<Real>) store(sums + i, LaneOf<Real>{});
  for (std::int64_t tap = 0; tap < layer.taps; ++tap, weights += layer.channels * width) {
    if (sources[tap] < 0) continue;
    const std::int64_t first = sources[tap] * layer.inPadded;
    for (std::int64_t channel = 0; channel < layer.inPadded; channel += kUnitPadding) {
      unsigned fired = firedChannels(spikes, first + channel);
      for (; fired != 0; fired &= fired - 1) {
        const std::int64_t at = channel + __builtin_ctz(fired);
        const Real* row = weights + at * width;
        if (single)
          addRow<Real, lanes, true>(row, spikes.masks[first + at], sums);
        else
          addPlanes<Real, lanes>(spikes, first + at, row, sums);
      }
    }
  }
}

template <class Real>
void accumulate(const LinearView<Real>& layer, std::int64_t tile, const std::int32_t* sources,
                const WordView& spikes, int steps, Real* sums) {
  const Real* weights = layer.tileWeights(tile);
  switch (layer.tileWidth(tile) / kUnitPadding) {
    case 1:
      return accumulateTile<Real, 1>(layer, weights, sources, spikes, steps, sums);
    case 2:
      return accumulateTile<Real, 2>(layer, weights, sources, spikes, steps, sums);
    case 3:
      return accumulateTile<Real, 3>(layer, weights, sources, spikes, steps, sums);
    default:
      return accumulateTile<Real, 4>(layer, weights, sources, spikes, steps, sums);
  }
}

}  // namespace
}  // namespace spiq
