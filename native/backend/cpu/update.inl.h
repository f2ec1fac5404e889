// Part of layer_kernels.inl.h: neurons over the steps of a word.

namespace spiq {
namespace {

template <class Real>
using BitsOf = decltype(LaneOf<Real>{} > LaneOf<Real>{});

// Kept, and not only the latest, where a word is filled in pieces.
template <class Real>
void storeMasks(std::uint32_t* to, BitsOf<Real> bits, bool replace) {
  using Words = typename lane::Vector<std::uint32_t, 4 * kWidth<Real>>::Type;
  Words words = __builtin_convertvector(bits, Words);
  if (!replace) words |= load<Words>(to);
  store(to, words);
}

// Bursts and negative spikes: rare enough to be told apart one unit at a time.
template <class Real>
void storePlanes(const UnitsView<Real>& units, std::int64_t unit, LaneOf<Real> counts,
                 std::uint32_t bit) {
  for (std::int64_t i = 0; i < kWidth<Real>; ++i) {
    const int count = static_cast<int>(counts[i]);
    const int first = count < 0 ? units.positive : 0;
    for (int k = 0; k < (count < 0 ? -count : count); ++k)
      units.masks[(first + k) * units.planeStride + unit + i] |= bit;
  }
}

// The settings of most networks, known to the compiler, for neurons that fire and for accumulators,
// in both semantics; the step itself is neuron.h's in any case.
template <class Real, Semantics semantics, bool fires>
constexpr NeuronParams<Real> kPlain{
    semantics, Reset::Subtraction, Real{0}, Real{1}, Real{0}, Real{0}, 1, false, fires};

enum class Kind { Plain, PlainSum, Published, PublishedSum, Single, Counted };

template <class Real>
bool isPlain(const NeuronParams<Real>& params) {
  return params.alpha == Real{0} && params.beta == Real{1} && params.refractory == Real{0} &&
         params.reset == Reset::Subtraction && params.burst == 1 && !params.ternary;
}

template <class Real, Kind kind>
NeuronParams<Real> paramsOf(const NeuronParams<Real>& given) {
  if (kind == Kind::Plain) return kPlain<Real, Semantics::Direct, true>;
  if (kind == Kind::PlainSum) return kPlain<Real, Semantics::Direct, false>;
  if (kind == Kind::Published) return kPlain<Real, Semantics::Dsqn, true>;
  return kind == Kind::PublishedSum ? kPlain<Real, Semantics::Dsqn, false> : given;
}

template <class Real, int Lanes, Kind kind, bool Keeps>
void updateLanes(const NeuronParams<Real>& given, const UnitsView<Real>& units, std::int64_t unit,
                 const Real* input, std::int64_t stride, int firstBit, int steps) {
  using L = LaneOf<Real>;
  const NeuronParams<Real> params = paramsOf<Real, kind>(given);
  NeuronState<L> state[Lanes];
  L threshold[Lanes];
  L negative[Lanes];
  L bias[Lanes];
  BitsOf<Real> fired[Lanes];
  for (int v = 0; v < Lanes; ++v) {
    const std::int64_t at = unit + v * kWidth<Real>;
    state[v] = {load<L>(units.current + at), load<L>(units.potential + at),
                load<L>(units.waiting + at)};
    threshold[v] = load<L>(units.thresholds + at);
    // Whoever has no plane for negative spikes is not ternary.
    negative[v] = kind == Kind::Counted ? load<L>(units.negatives + at) : threshold[v];
    bias[v] = load<L>(units.bias + at);
    fired[v] = BitsOf<Real>{};
  }
  for (int t = 0; t < steps; ++t) {
    const std::uint32_t bit = std::uint32_t{1} << (firstBit + t);
    for (int v = 0; v < Lanes; ++v) {
      const std::int64_t at = unit + v * kWidth<Real>;
      const L sum = load<L>(input + t * stride + at) + bias[v];
      const auto spikes = neuron::step<L, Real>(params, threshold[v], negative[v], state[v], sum);
      if constexpr (Keeps) {
        store(units.tested + t * units.keptStride + at, spikes.tested);
        if (units.currents != nullptr)
          store(units.currents + t * units.keptStride + at, state[v].current);
      }
      if constexpr (kind != Kind::Counted) {
        const auto with = fired[v] | static_cast<std::int32_t>(bit);
        fired[v] = lane::select(spikes.some, with, fired[v]);
      } else {
        storePlanes<Real>(units, at, spikes.count, bit);
      }
    }
  }
  for (int v = 0; v < Lanes; ++v) {
    const std::int64_t at = unit + v * kWidth<Real>;
    store(units.current + at, state[v].current);
    store(units.potential + at, state[v].potential);
    store(units.waiting + at, state[v].waiting);
    if constexpr (kind != Kind::Counted)
      storeMasks<Real>(units.masks + at, fired[v], firstBit == 0);
  }
}

template <class Real, Kind kind, bool Keeps>
void updateEach(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
                std::int64_t stride, int firstBit, int steps) {
  std::int64_t unit = 0;
  // Four lanes at once hide the latency of one step's chain of operations.
  for (; unit + 4 * kWidth<Real> <= units.width; unit += 4 * kWidth<Real>)
    updateLanes<Real, 4, kind, Keeps>(params, units, unit, input, stride, firstBit, steps);
  for (; unit + 2 * kWidth<Real> <= units.width; unit += 2 * kWidth<Real>)
    updateLanes<Real, 2, kind, Keeps>(params, units, unit, input, stride, firstBit, steps);
  for (; unit < units.width; unit += kWidth<Real>)
    updateLanes<Real, 1, kind, Keeps>(params, units, unit, input, stride, firstBit, steps);
}

template <class Real, Kind kind>
void updateAll(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
               std::int64_t stride, int firstBit, int steps) {
  units.tested == nullptr
      ? updateEach<Real, kind, false>(params, units, input, stride, firstBit, steps)
      : updateEach<Real, kind, true>(params, units, input, stride, firstBit, steps);
}

template <class Real>
void clearPlanes(const UnitsView<Real>& units) {
  for (int plane = 0; plane < units.planes; ++plane) {
    for (std::int64_t unit = 0; unit < units.width; ++unit)
      units.masks[plane * units.planeStride + unit] = 0;
  }
}

template <class Real>
void update(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
            std::int64_t stride, int firstBit, int steps) {
  const bool single = units.planes == 1 && units.positive == 1;
  if (!single) {
    if (firstBit == 0) clearPlanes(units);
    return updateAll<Real, Kind::Counted>(params, units, input, stride, firstBit, steps);
  }
  const auto with = [&](auto run) { run(params, units, input, stride, firstBit, steps); };
  if (!isPlain(params)) return with(updateAll<Real, Kind::Single>);
  if (params.semantics == Semantics::Direct)
    return params.fires ? with(updateAll<Real, Kind::Plain>)
                        : with(updateAll<Real, Kind::PlainSum>);
  params.fires ? with(updateAll<Real, Kind::Published>) : with(updateAll<Real, Kind::PublishedSum>);
}

}  // namespace
}  // namespace spiq
