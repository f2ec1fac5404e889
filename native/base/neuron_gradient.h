#pragma once

#include "base/neuron.h"
#include "base/surrogate.h"

// neuron.h's step in reverse, from the last step to the first.

namespace spiq {

template <class Real>
struct NeuronBack {
  NeuronParams<Real> params;
  Real slope;     // of the surrogate
  bool attached;  // whether gradients flow through resets
};

// What a unit's gradients are between two steps, and their sums so far.
template <class L>
struct UnitGradient {
  L potential{};  // by the potential and the current that the earlier step leaves
  L current{};
  L threshold{};
  L alpha{};
  L beta{};
  L decaying{};  // by the potential's decay, but for the factor that the earlier step leaves
};

// What one step met: `tested` as Fired has it, `current` before the step.
template <class L>
struct UnitStep {
  L threshold;
  L negative;
  L tested;
  L current;
};

namespace neuron {

// Without what changes no bit, or is 0.
template <class L, class Real>
inline L decayed(Real decay, L gradient) {
  if (decay == Real{0}) return lane::splat<L>(Real{0});
  return decay == Real{1} ? gradient : lane::splat<L>(decay) * gradient;
}

// How the spikes of a step depend on the tested potential, and minus them on the threshold.
template <class L>
struct SpikeSlopes {
  L up{};
  L down{};
  L upByThreshold{};
  L downByThreshold{};
  L ups{};  // how many there were
  L downs{};
};

template <SurrogateKind kind, class L, class Real>
inline SpikeSlopes<L> spikeSlopes(const NeuronBack<Real>& back, const UnitStep<L>& step) {
  const L zero = lane::splat<L>(Real{0});
  SpikeSlopes<L> slopes;
  for (int level = 1; level <= back.params.burst; ++level) {
    const L times = lane::splat<L>(static_cast<Real>(level));
    const L above = step.tested - times * step.threshold;
    const L up = surrogateAt<kind>(back.slope, above);
    slopes.up = level == 1 ? up : slopes.up + up;
    slopes.upByThreshold += times * up;
    slopes.ups = lane::select(above >= zero, times, slopes.ups);
    if (!back.params.ternary) continue;
    const L below = -step.tested - times * step.negative;
    const L down = surrogateAt<kind>(back.slope, below);
    slopes.down = level == 1 ? down : slopes.down + down;
    slopes.downByThreshold += times * down;
    slopes.downs = lane::select(below >= zero, times, slopes.downs);
  }
  return slopes;
}

// `gradient` of the step's spikes, or of its potential where the unit never fires; returns that of
// its input. `learns`: the sums are wanted.
template <SurrogateKind kind, bool learns, class L, class Real>
inline L backDirect(const NeuronBack<Real>& back, const UnitStep<L>& step, L gradient,
                    UnitGradient<L>& unit) {
  const NeuronParams<Real>& params = back.params;
  const L zero = lane::splat<L>(Real{0});
  const L kept = unit.potential;
  L potential = kept + gradient;
  L after = step.tested;
  L byThreshold = zero;
  if (params.fires) {
    const SpikeSlopes<L> spikes = spikeSlopes<kind>(back, step);
    const L through = back.attached ? kept : zero;
    potential = gradient * (params.ternary ? spikes.up + spikes.down : spikes.up);
    // The negative threshold is a multiple of the other.
    const L times = params.ternary ? step.negative / step.threshold : zero;
    if (learns) byThreshold = gradient * (times * spikes.downByThreshold - spikes.upByThreshold);
    if (params.reset == Reset::Subtraction) {
      L carried = kept;
      if (back.attached)
        carried -= kept * (step.threshold * spikes.up + step.negative * spikes.down);
      potential += carried;
      if (learns) {
        after = step.tested - spikes.ups * step.threshold + spikes.downs * step.negative;
        byThreshold += kept * (times * spikes.downs - spikes.ups) +
                       through * (step.threshold * spikes.upByThreshold -
                                  times * step.negative * spikes.downByThreshold);
      }
    } else {
      const L to = lane::splat<L>(params.resetValue);
      const L jump =
          through * (to - step.tested) *
          (params.burst == 1 ? spikes.up
                             : surrogateAt<kind>(back.slope, step.tested - step.threshold));
      potential += lane::select(spikes.ups > zero, zero, kept) + jump;
      if (learns) {
        after = lane::select(spikes.ups > zero, to, step.tested);
        byThreshold -= jump;
      }
    }
  }
  L input = unit.current + potential;
  L earlier = decayed(params.beta, potential);
  L decaying = potential;
  if (params.refractory > Real{0}) {
    // Held: no input, no test, the potential as it was.
    const auto resting = step.tested == lane::splat<L>(-static_cast<Real>(__builtin_inf()));
    after = lane::select(resting, zero, after);
    byThreshold = lane::select(resting, zero, byThreshold);
    if (learns) unit.alpha += lane::select(resting, unit.current, input) * step.current;
    unit.beta += lane::select(resting, zero, unit.decaying * after);
    unit.threshold += byThreshold;
    unit.decaying = lane::select(resting, unit.decaying, decaying);
    unit.potential = lane::select(resting, kept, earlier);
    unit.current = decayed(params.alpha, lane::select(resting, unit.current, input));
    return lane::select(resting, zero, input);
  }
  if (learns) {
    unit.threshold += byThreshold;
    unit.alpha += input * step.current;
    unit.beta += unit.decaying * after;
    unit.decaying = decaying;
  }
  unit.potential = earlier;
  unit.current = decayed(params.alpha, input);
  return input;
}

// As published: the potential before the update is tested, and the input reaches it a step later.
template <SurrogateKind kind, bool learns, class L, class Real>
inline L backDsqn(const NeuronBack<Real>& back, const UnitStep<L>& step, L gradient,
                  UnitGradient<L>& unit) {
  const NeuronParams<Real>& params = back.params;
  const L zero = lane::splat<L>(Real{0});
  const L input = unit.current;
  L after = unit.potential + gradient;
  L tested = zero;
  if (params.fires) {
    const bool subtracts = params.reset == Reset::Subtraction;
    after = unit.potential;
    L spikes = gradient;
    if (back.attached)
      spikes -=
          subtracts ? after : after * (lane::splat<L>(params.beta) * step.tested + step.current);
    if (!subtracts) after = lane::select(step.tested > step.threshold, zero, after);
    tested = spikes * surrogateAt<kind>(back.slope, step.tested - step.threshold);
  }
  if (learns) {
    unit.threshold -= tested;
    unit.alpha += input * step.current;
    unit.beta += after * step.tested;
  }
  unit.potential = decayed(params.beta, after) + tested;
  unit.current = decayed(params.alpha, input) + after;
  return input;
}

}  // namespace neuron
}  // namespace spiq
