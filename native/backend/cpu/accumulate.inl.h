// Part of layer_kernels.inl.h: sums of the weights whose inputs fired.

namespace spiq {
namespace {

// Spikes that are listed before their weights are added: one loop over many has no branch that
// depends on how often a unit fired. An entry is row << 7 | step * (kUnitPadding-wide lanes between
// steps): the address of the sums needs no multiplication then.
constexpr std::int64_t kListedSpikes = 2048;
constexpr int kRowShift = 7;
constexpr std::uint32_t kStepBits = (1U << kRowShift) - 1;

template <class Real, int Lanes>
inline void addRow(const Real* row, Real* at) {
  using L = LaneOf<Real>;
  for (int v = 0; v < Lanes; ++v) {
    const L sum = load<L>(at + v * kWidth<Real>);
    store(at + v * kWidth<Real>, sum + load<L>(row + v * kWidth<Real>));
  }
}

template <class Real, int Lanes>
inline void subtractRow(const Real* row, Real* at) {
  using L = LaneOf<Real>;
  for (int v = 0; v < Lanes; ++v) {
    const L sum = load<L>(at + v * kWidth<Real>);
    store(at + v * kWidth<Real>, sum - load<L>(row + v * kWidth<Real>));
  }
}

template <class Real, int Lanes>
void addListed(const std::uint32_t* spike, const std::uint32_t* end, const Real* weights,
               Real* sums) {
  for (; spike != end; ++spike) {
    const std::int64_t row = *spike >> kRowShift;
    Real* at = sums + static_cast<std::int64_t>(*spike & kStepBits) * kUnitPadding;
    addRow<Real, Lanes>(weights + row * (Lanes * kWidth<Real>), at);
  }
}

// Channels first, first + 1, ... (at most 64) of which one or more planes are not empty. A unit
// fires in a higher plane only if it does in the first of its sign.
inline std::uint64_t firedChannels(const WordView& spikes, std::int64_t first, std::int64_t count) {
  std::uint64_t fired = 0;
  for (std::int64_t i = 0; i < count; i += kUnitPadding) {
    std::uint64_t some = spikes.positive > 0 ? nonZeroWords(spikes.masks + first + i) : 0;
    if (spikes.planes > spikes.positive)
      some |= nonZeroWords(spikes.masks + spikes.positive * spikes.planeStride + first + i);
    fired |= some << i;
  }
  return fired;
}

// Bursts and negative spikes: a burst of k is k additions, unit after unit.
template <class Real, int Lanes>
void addPlanes(const WordView& spikes, std::int64_t unit, const Real* row, Real* sums,
               std::int64_t stride) {
  for (int plane = 0; plane < spikes.planes; ++plane) {
    std::uint32_t mask = spikes.masks[plane * spikes.planeStride + unit];
    for (; mask != 0; mask &= mask - 1) {
      Real* at = sums + __builtin_ctz(mask) * stride;
      plane < spikes.positive ? addRow<Real, Lanes>(row, at) : subtractRow<Real, Lanes>(row, at);
    }
  }
}

template <class Real, int Groups>
void accumulateTile(const LinearView<Real>& layer, const Real* weights, const std::int32_t* sources,
                    const WordView& spikes, int steps, Real* sums, std::int64_t stride) {
  constexpr std::int64_t width = Groups * kUnitPadding;
  constexpr int lanes = static_cast<int>(width / kWidth<Real>);
  const bool single = spikes.planes == 1 && spikes.positive == 1;
  for (int step = 0; step < steps; ++step) {
    for (int v = 0; v < lanes; ++v) store(sums + step * stride + v * kWidth<Real>, LaneOf<Real>{});
  }
  // One channel may list 32 spikes, and lists are written 16 entries at a time.
  std::uint32_t listed[kListedSpikes + kWordSteps + 16];
  std::uint32_t* end = listed;
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (sources[tap] < 0) continue;
    const std::int64_t first = sources[tap] * layer.inPadded;
    for (std::int64_t channel = 0; channel < layer.inPadded; channel += 64) {
      const std::int64_t left = layer.inPadded - channel;
      std::uint64_t fired = firedChannels(spikes, first + channel, left < 64 ? left : 64);
      for (; fired != 0; fired &= fired - 1) {
        const std::int64_t at = channel + __builtin_ctzll(fired);
        const std::int64_t row = tap * layer.channels + at;
        if (single) {
          if (end - listed > kListedSpikes) {
            addListed<Real, lanes>(listed, end, weights, sums);
            end = listed;
          }
          end = listSteps(spikes.masks[first + at], static_cast<std::uint32_t>(row << kRowShift),
                          static_cast<std::uint32_t>(stride / kUnitPadding), end);
        } else {
          addPlanes<Real, lanes>(spikes, first + at, weights + row * width, sums, stride);
        }
      }
    }
  }
  addListed<Real, lanes>(listed, end, weights, sums);
}

template <class Real>
void accumulate(const LinearView<Real>& layer, std::int64_t tile, const std::int32_t* sources,
                const WordView& spikes, int steps, Real* sums, std::int64_t stride) {
  const Real* weights = layer.tileWeights(tile);
  switch (layer.tileWidth(tile) / kUnitPadding) {
    case 1:
      return accumulateTile<Real, 1>(layer, weights, sources, spikes, steps, sums, stride);
    case 2:
      return accumulateTile<Real, 2>(layer, weights, sources, spikes, steps, sums, stride);
    case 3:
      return accumulateTile<Real, 3>(layer, weights, sources, spikes, steps, sums, stride);
    default:
      return accumulateTile<Real, 4>(layer, weights, sources, spikes, steps, sums, stride);
  }
}

}  // namespace
}  // namespace spiq
