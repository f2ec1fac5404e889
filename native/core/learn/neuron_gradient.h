#pragma once

#include <algorithm>
#include <cmath>

#include "base/neuron.h"
#include "core/learn/surrogate.h"

// base/neuron.h's step in reverse. A unit's gradients are held between steps: that of its potential
// after the step before, and that of its current then.

namespace spiq {

template <class Real>
struct NeuronBack {
  NeuronParams<Real> params;
  SurrogateKind surrogate;
  Real slope;
  bool attached;  // whether gradients flow through resets
};

template <class Real>
struct UnitGradient {
  Real potential{};
  Real current{};
  Real threshold{};  // sums over the steps
  Real alpha{};
  Real beta{};
};

// What a step of one unit started from and looked at.
template <class Real>
struct UnitStep {
  Real threshold;
  Real negative;
  Real tested;     // below all numbers: resting
  Real potential;  // before the step
  Real current;
};

// How the spikes of a step depend on the potential that was tested.
template <class Real>
struct SpikeSlopes {
  Real up{};  // of their count by the potential, of positive spikes and of negative ones
  Real down{};
  Real upByThreshold{};  // the same by minus the threshold
  Real downByThreshold{};
  Real ups{};  // how many there were
  Real downs{};
};

template <class Real>
SpikeSlopes<Real> spikeSlopes(const NeuronBack<Real>& back, const UnitStep<Real>& step) {
  SpikeSlopes<Real> slopes;
  const auto at = [&](Real x) { return surrogateAt(back.surrogate, back.slope, x); };
  for (int spike = 1; spike <= back.params.burst; ++spike) {
    const auto times = static_cast<Real>(spike);
    const Real above = step.tested - times * step.threshold;
    slopes.up += at(above);
    slopes.upByThreshold += times * at(above);
    if (above >= Real{0}) slopes.ups = times;
    if (!back.params.ternary) continue;
    const Real below = -step.tested - times * step.negative;
    slopes.down += at(below);
    slopes.downByThreshold += times * at(below);
    if (below >= Real{0}) slopes.downs = times;
  }
  return slopes;
}

// `gradient` of the step's spikes, or of the potential where the unit never fires; returns that of
// its input.
template <class Real>
Real backDirect(const NeuronBack<Real>& back, const UnitStep<Real>& step, Real gradient,
                UnitGradient<Real>& unit) {
  const NeuronParams<Real>& params = back.params;
  if (std::isinf(step.tested)) {
    unit.alpha += unit.current * step.current;
    unit.current *= params.alpha;
    return Real{0};
  }
  Real potential = unit.potential;
  if (!params.fires) potential += gradient;
  if (params.fires) {
    const SpikeSlopes<Real> spikes = spikeSlopes(back, step);
    // The negative threshold is a multiple of the other.
    const Real times = step.negative / step.threshold;
    const Real kept = unit.potential;
    const Real through = back.attached ? kept : Real{0};
    const Real byUps = gradient * spikes.upByThreshold;
    const Real byDowns = gradient * spikes.downByThreshold;
    unit.threshold += times * byDowns - byUps;
    potential = gradient * (spikes.up + spikes.down);
    if (params.reset == Reset::Subtraction) {
      potential += kept - through * (step.threshold * spikes.up + step.negative * spikes.down);
      unit.threshold += kept * (times * spikes.downs - spikes.ups) +
                        through * (step.threshold * spikes.upByThreshold -
                                   times * step.negative * spikes.downByThreshold);
    } else {
      const Real first = surrogateAt(back.surrogate, back.slope, step.tested - step.threshold);
      const Real jump = through * (params.resetValue - step.tested) * first;
      potential += (spikes.ups > Real{0} ? Real{0} : kept) + jump;
      unit.threshold -= jump;
    }
  }
  unit.current += potential;
  const Real input = unit.current;
  unit.alpha += input * step.current;
  unit.beta += potential * step.potential;
  unit.potential = params.beta * potential;
  unit.current = params.alpha * input;
  return input;
}

// As published: the potential before the update is tested, and the input reaches it a step later.
template <class Real>
Real backDsqn(const NeuronBack<Real>& back, const UnitStep<Real>& step, Real gradient,
              UnitGradient<Real>& unit) {
  const NeuronParams<Real>& params = back.params;
  const Real input = unit.current;
  Real after = unit.potential;
  Real tested{0};
  if (!params.fires) after += gradient;
  if (params.fires) {
    Real spikes = gradient;
    const Real sum = params.beta * step.potential + step.current;
    const bool subtracts = params.reset == Reset::Subtraction;
    if (back.attached) spikes -= after * (subtracts ? Real{1} : sum);
    if (!subtracts && step.tested > step.threshold) after = Real{0};
    tested = spikes * surrogateAt(back.surrogate, back.slope, step.tested - step.threshold);
    unit.threshold -= tested;
  }
  unit.alpha += input * step.current;
  unit.beta += after * step.potential;
  unit.potential = params.beta * after + tested;
  unit.current = params.alpha * input + after;
  return input;
}

}  // namespace spiq
