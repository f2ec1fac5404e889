// Part of layer_kernels.inl.h: layers whose units take one channel each. Units lie in the lanes,
// and a spike is a bit of a mask: what is silent adds 0, which changes no sum.

namespace spiq {
namespace {

// Sums of so many steps stay in registers while the taps are gone through.
constexpr int kStepsTogether = SPIQ_LANE_BYTES == 64 ? 16 : 8;

// Unsigned numbers as wide as Real.
template <class Real>
using WordsOf =
    typename lane::Vector<std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>,
                          SPIQ_LANE_BYTES>::Type;

template <class Real>
inline WordsOf<Real> loadWords(const std::uint32_t* from) {
  using Words = typename lane::Vector<std::uint32_t, 4 * kWidth<Real>>::Type;
  return __builtin_convertvector(load<Words>(from), WordsOf<Real>);
}

// Those of the first 64 taps at which one of kUnitPadding channels fired.
inline std::uint64_t firedTaps(std::int64_t taps, std::int64_t inPadded, const SpikeCell& cell,
                               std::int64_t channel) {
  const WordView& spikes = cell.spikes;
  std::uint64_t fired = 0;
  for (std::int64_t tap = 0; tap < taps && tap < 64; ++tap) {
    if (cell.sources[tap] < 0) continue;
    const std::uint32_t* masks = spikes.masks + cell.sources[tap] * inPadded + channel;
    unsigned some = spikes.positive > 0 ? nonZeroWords(masks) : 0;
    if (spikes.planes > spikes.positive)
      some |= nonZeroWords(masks + spikes.positive * spikes.planeStride);
    fired |= std::uint64_t{some != 0} << tap;
  }
  return fired;
}

// Steps first, first + 1, ... of one lane of units.
template <class Real>
inline void addMasked(WordsOf<Real> words, int first, LaneOf<Real> weight, LaneOf<Real>* sums) {
  const WordsOf<Real> bits = words >> first;
  for (int step = 0; step < kStepsTogether; ++step) {
    const WordsOf<Real> bit = WordsOf<Real>{} + (1U << step);
    sums[step] = addWhere(bits, bit, weight, sums[step]);
  }
}

template <class Real>
void addAlone(const LinearView<Real>& layer, const Real* weights, std::int64_t width,
              const SpikeCell& cell, std::int64_t channel, std::uint64_t fired, int first,
              LaneOf<Real>* sums) {
  using L = LaneOf<Real>;
  const WordView& spikes = cell.spikes;
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (cell.sources[tap] < 0 || (tap < 64 && (fired >> tap & 1U) == 0)) continue;
    const L weight = load<L>(weights + tap * width);
    const std::uint32_t* masks = spikes.masks + cell.sources[tap] * layer.inPadded + channel;
    for (int plane = 0; plane < spikes.planes; ++plane, masks += spikes.planeStride)
      addMasked<Real>(loadWords<Real>(masks), first, plane < spikes.positive ? weight : -weight,
                      sums);
  }
}

template <class Real>
void accumulateAlone(const LinearView<Real>& layer, std::int64_t tile, const SpikeCell* cells,
                     std::size_t count, int steps, Real* sums, std::int64_t stride) {
  using L = LaneOf<Real>;
  const std::int64_t width = layer.tileWidth(tile);
  const Real* weights = layer.tileWeights(tile);
  for (std::size_t i = 0; i < count; ++i) {
    std::uint64_t fired = 0;
    for (std::int64_t unit = 0; unit < width; unit += kWidth<Real>) {
      const std::int64_t channel = tile * kTileUnits + unit;
      if (unit % kUnitPadding == 0)
        fired = firedTaps(layer.taps, layer.inPadded, cells[i], channel);
      Real* to = sums + cells[i].offset + unit;
      for (int first = 0; first < steps; first += kStepsTogether) {
        L table[kStepsTogether] = {};
        addAlone<Real>(layer, weights + unit, width, cells[i], channel, fired, first, table);
        for (int step = 0; step < kStepsTogether && first + step < steps; ++step)
          store(to + (first + step) * stride, table[step]);
      }
    }
  }
}

template <class Real, int Lanes>
inline void projectAloneLanes(const LinearView<Real>& layer, const Real* weights,
                              std::int64_t width, const Column<Real>& column,
                              std::int64_t channel) {
  using L = LaneOf<Real>;
  L sums[Lanes] = {};
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (column.sources[tap] < 0) continue;
    const Real* input = column.input + column.sources[tap] * layer.inPadded + channel;
    for (int v = 0; v < Lanes; ++v) {
      sums[v] = fusedMultiplyAdd(load<L>(weights + tap * width + v * kWidth<Real>),
                                 load<L>(input + v * kWidth<Real>), sums[v]);
    }
  }
  for (int v = 0; v < Lanes; ++v) {
    const std::int64_t at = channel + v * kWidth<Real>;
    store(column.output + at, sums[v] + load<L>(layer.bias + at));
  }
}

template <class Real>
void projectAlone(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns,
                  std::size_t count) {
  constexpr std::int64_t four = 4 * kWidth<Real>;
  const std::int64_t width = layer.tileWidth(tile);
  const Real* weights = layer.tileWeights(tile);
  const std::int64_t start = tile * kTileUnits;
  for (std::size_t i = 0; i < count; ++i) {
    std::int64_t unit = 0;
    for (; unit + four <= width; unit += four)
      projectAloneLanes<Real, 4>(layer, weights + unit, width, columns[i], start + unit);
    for (; unit < width; unit += kWidth<Real>)
      projectAloneLanes<Real, 1>(layer, weights + unit, width, columns[i], start + unit);
  }
}

}  // namespace
}  // namespace spiq
