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
template <class Real>
constexpr NeuronParams<Real> plain(Semantics semantics, bool fires) {
  return {semantics, Reset::Subtraction, Real{0}, Real{1}, Real{0}, Real{0}, 1, false, fires};
}

enum class Kind { Plain, PlainSum, Published, PublishedSum, Single, Counted };

template <class Real>
bool isPlain(const NeuronParams<Real>& params) {
  return params.alpha == Real{0} && params.beta == Real{1} && params.refractory == Real{0} &&
         params.reset == Reset::Subtraction && params.burst == 1 && !params.ternary;
}

template <class Real, Kind kind>
NeuronParams<Real> paramsOf(const NeuronParams<Real>& given) {
  if (kind == Kind::Plain) return plain<Real>(Semantics::Direct, true);
  if (kind == Kind::PlainSum) return plain<Real>(Semantics::Direct, false);
  if (kind == Kind::Published) return plain<Real>(Semantics::Dsqn, true);
  return kind == Kind::PublishedSum ? plain<Real>(Semantics::Dsqn, false) : given;
}

// Where the steps of some lanes go.
template <class Real>
std::int64_t tracedAt(const StepTrace<Real>& trace, std::int64_t unit) {
  const std::int64_t at = trace.first + unit;
  return at < trace.size ? at : at / trace.size * trace.row + at % trace.size;
}

template <class Real>
void traceStep(const StepTrace<Real>& trace, std::int64_t at, LaneOf<Real> tested,
               const NeuronState<LaneOf<Real>>& state) {
  if (trace.potentials != nullptr) store(trace.potentials + at, state.potential);
  if (trace.currents != nullptr) store(trace.currents + at, state.current);
  if (trace.tested != nullptr) store(trace.tested + at, tested);
}

template <class Real, int Lanes, Kind kind, bool Traced>
void updateLanes(const NeuronParams<Real>& given, const UnitsView<Real>& units, std::int64_t unit,
                 const Real* input, std::int64_t stride, int firstBit, int steps,
                 const StepTrace<Real>* trace) {
  using L = LaneOf<Real>;
  const NeuronParams<Real> params = paramsOf<Real, kind>(given);
  NeuronState<L> state[Lanes];
  L threshold[Lanes];
  L negative[Lanes];
  L bias[Lanes];
  BitsOf<Real> fired[Lanes];
  std::int64_t traced[Lanes] = {};
  for (int v = 0; v < Lanes; ++v) {
    const std::int64_t at = unit + v * kWidth<Real>;
    if (Traced) traced[v] = tracedAt(*trace, at);
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
      if constexpr (kind != Kind::Counted) {
        const auto with = fired[v] | static_cast<std::int32_t>(bit);
        fired[v] = lane::select(spikes.some, with, fired[v]);
      } else {
        storePlanes<Real>(units, at, spikes.count, bit);
      }
      if (Traced) traceStep(*trace, traced[v] + t * trace->step, spikes.tested, state[v]);
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

template <class Real, Kind kind, bool Traced>
void updateAll(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
               std::int64_t stride, int firstBit, int steps, const StepTrace<Real>* trace) {
  std::int64_t unit = 0;
  // Four lanes at once hide the latency of one step's chain of operations.
  for (; unit + 4 * kWidth<Real> <= units.width; unit += 4 * kWidth<Real>)
    updateLanes<Real, 4, kind, Traced>(params, units, unit, input, stride, firstBit, steps, trace);
  for (; unit + 2 * kWidth<Real> <= units.width; unit += 2 * kWidth<Real>)
    updateLanes<Real, 2, kind, Traced>(params, units, unit, input, stride, firstBit, steps, trace);
  for (; unit < units.width; unit += kWidth<Real>)
    updateLanes<Real, 1, kind, Traced>(params, units, unit, input, stride, firstBit, steps, trace);
}

template <class Real>
void clearPlanes(const UnitsView<Real>& units) {
  for (int plane = 0; plane < units.planes; ++plane) {
    for (std::int64_t unit = 0; unit < units.width; ++unit)
      units.masks[plane * units.planeStride + unit] = 0;
  }
}

template <class Real, bool Traced>
void updateAny(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
               std::int64_t stride, int firstBit, int steps, const StepTrace<Real>* trace) {
  const auto with = [&](auto update) {
    update(params, units, input, stride, firstBit, steps, trace);
  };
  if (units.planes != 1 || units.positive != 1) {
    if (firstBit == 0) clearPlanes(units);
    return with(updateAll<Real, Kind::Counted, Traced>);
  }
  if (!isPlain(params)) return with(updateAll<Real, Kind::Single, Traced>);
  if (params.semantics == Semantics::Direct) {
    params.fires ? with(updateAll<Real, Kind::Plain, Traced>)
                 : with(updateAll<Real, Kind::PlainSum, Traced>);
  } else {
    params.fires ? with(updateAll<Real, Kind::Published, Traced>)
                 : with(updateAll<Real, Kind::PublishedSum, Traced>);
  }
}

template <class Real>
void update(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
            std::int64_t stride, int firstBit, int steps) {
  updateAny<Real, false>(params, units, input, stride, firstBit, steps, nullptr);
}

template <class Real>
void updateTraced(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
                  std::int64_t stride, int firstBit, int steps, const StepTrace<Real>& trace) {
  updateAny<Real, true>(params, units, input, stride, firstBit, steps, &trace);
}

}  // namespace
}  // namespace spiq
