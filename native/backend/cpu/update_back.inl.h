// Part of layer_kernels.inl.h: neurons from their last step to the first.

#include "base/neuron_gradient.h"

namespace spiq {
namespace {

// What the compiler knows: the settings of most networks, learning nothing of neurons; no bursts,
// negative spikes or refractory steps; or nothing.
enum class BackKind { Plain, Published, Single, Counted };

template <class Real, BackKind known>
NeuronBack<Real> backOf(const NeuronBack<Real>& given) {
  if (known == BackKind::Plain) return {plain<Real>(Semantics::Direct, true), given.slope, false};
  if (known == BackKind::Published) return {plain<Real>(Semantics::Dsqn, true), given.slope, false};
  NeuronBack<Real> back = given;
  if (known == BackKind::Single) {
    back.params.burst = 1;
    back.params.ternary = false;
    back.params.refractory = Real{0};
  }
  return back;
}

template <class Real, SurrogateKind kind, BackKind known, bool learns, int Lanes>
void backLanes(const NeuronBack<Real>& given, const UnitsBack<Real>& units, std::int64_t unit,
               int steps) {
  using L = LaneOf<Real>;
  const NeuronBack<Real> back = backOf<Real, known>(given);
  UnitStep<L> step[Lanes];
  UnitGradient<L> gradient[Lanes];
  L summed[Lanes];
  std::int64_t channel = (units.first + unit) % units.stride;
#pragma GCC unroll 8
  for (int v = 0; v < Lanes; ++v) {
    step[v] = {load<L>(units.thresholds + channel), load<L>(units.negatives + channel), L{}, L{}};
    summed[v] = L{};
    channel += kWidth<Real>;
    if (channel == units.stride) channel = 0;
  }
  for (std::int64_t t = steps - 1; t >= 0; --t) {
    const Real* tested = units.tested + t * units.keptStride + unit;
    const Real* before =
        units.currents == nullptr || t == 0 ? nullptr : units.currents + (t - 1) * units.keptStride;
    Real* flowing = units.flowing + t * units.flowingStride + unit;
#pragma GCC unroll 8
    for (int v = 0; v < Lanes; ++v) {
      const std::int64_t at = v * kWidth<Real>;
      step[v].tested = load<L>(tested + at);
      step[v].current = before == nullptr ? L{} : load<L>(before + unit + at);
      const L input =
          back.params.semantics == Semantics::Direct
              ? neuron::backDirect<kind, learns>(back, step[v], load<L>(flowing + at), gradient[v])
              : neuron::backDsqn<kind, learns>(back, step[v], load<L>(flowing + at), gradient[v]);
      if (units.eachStep) store(flowing + at, input);
      summed[v] += input;
    }
  }
  for (int v = 0; v < Lanes; ++v) {
    const std::int64_t at = unit + v * kWidth<Real>;
    if (units.summed != nullptr) store(units.summed + at, summed[v]);
    if (!learns || units.ofThreshold == nullptr) continue;
    channel = (units.first + at) % units.stride;
    store(units.ofThreshold + at, gradient[v].threshold);
    store(units.ofAlpha + at, gradient[v].alpha);
    store(units.ofBeta + at,
          gradient[v].beta + gradient[v].decaying * load<L>(units.initials + channel));
  }
}

template <class Real, SurrogateKind kind, BackKind known, bool learns>
void backAll(const NeuronBack<Real>& back, const UnitsBack<Real>& units, int steps) {
  std::int64_t unit = 0;
  for (; unit + 4 * kWidth<Real> <= units.width; unit += 4 * kWidth<Real>)
    backLanes<Real, kind, known, learns, 4>(back, units, unit, steps);
  for (; unit < units.width; unit += kWidth<Real>)
    backLanes<Real, kind, known, learns, 1>(back, units, unit, steps);
}

template <class Real, SurrogateKind kind>
void backKind(const NeuronBack<Real>& back, const UnitsBack<Real>& units, int steps) {
  const NeuronParams<Real>& params = back.params;
  const bool single = params.burst == 1 && !params.ternary && params.refractory == Real{0};
  const bool learns = units.ofThreshold != nullptr;
  if (!single) return backAll<Real, kind, BackKind::Counted, true>(back, units, steps);
  if (learns) return backAll<Real, kind, BackKind::Single, true>(back, units, steps);
  if (!isPlain(params) || back.attached || !params.fires)
    return backAll<Real, kind, BackKind::Single, false>(back, units, steps);
  params.semantics == Semantics::Direct
      ? backAll<Real, kind, BackKind::Plain, false>(back, units, steps)
      : backAll<Real, kind, BackKind::Published, false>(back, units, steps);
}

template <class Real>
void updateBack(const NeuronParams<Real>& params, const Surrogate& surrogate, bool attachedReset,
                const UnitsBack<Real>& units, int steps) {
  const NeuronBack<Real> back{params, static_cast<Real>(surrogate.slope), attachedReset};
  switch (surrogate.kind) {
    case SurrogateKind::FastSigmoid:
      return backKind<Real, SurrogateKind::FastSigmoid>(back, units, steps);
    case SurrogateKind::Arctan:
      return backKind<Real, SurrogateKind::Arctan>(back, units, steps);
    case SurrogateKind::Sigmoid:
      return backKind<Real, SurrogateKind::Sigmoid>(back, units, steps);
    case SurrogateKind::Piecewise:
      return backKind<Real, SurrogateKind::Piecewise>(back, units, steps);
  }
}

}  // namespace
}  // namespace spiq
