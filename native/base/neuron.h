#pragma once

#include <cstdint>

#include "base/lane.h"

// The one integrate-and-fire step. Every kernel, on every instruction set and device, instantiates
// this template; docs/architecture.md ("The two semantics") states it in words.

#if defined(__CUDACC__)
#define SPIQ_HOST_DEVICE __host__ __device__
#else
#define SPIQ_HOST_DEVICE
#endif

namespace spiq {

enum class Semantics : std::uint8_t { Direct, Dsqn };
enum class Reset : std::uint8_t { Subtraction, Zero, Value };

constexpr double kDefaultEpsilon = 1e-5;
constexpr int kMaxBurst = 100;

// One layer's parameters as the user states them; the defaults live here and nowhere else.
struct NeuronSpec {
  double threshold = 1.0;
  double alpha = 0.0;
  double beta = 1.0;
  Reset reset = Reset::Subtraction;
  double resetValue = 0.0;
  double initial = 0.0;  // potential before the first step
  int refractory = 0;
  bool ternary = false;
  double negative = 1.0;  // of ternary units: negative spikes at -negative * threshold
  int burst = 1;
};

template <class Real>
struct NeuronParams {
  Semantics semantics;
  Reset reset;
  Real alpha;
  Real beta;
  Real resetValue;
  Real refractory;  // steps
  int burst;        // most spikes a step
  bool ternary;
  bool fires;  // false: an accumulator
};

// A lane is a scalar or a SIMD vector of Real. For it must exist: the arithmetic and comparison
// operators, lane::splat<L>(Real), lane::select(mask, a, b) and lane::any(mask).
template <class L>
struct NeuronState {
  L current;
  L potential;
  L waiting;  // refractory steps still to pass
};

// Spikes of one step: how many, whether any, and the potential that the first test looked at, below
// all numbers where a resting unit was not tested.
template <class L>
struct Fired {
  L count;
  decltype(L{} > L{}) some;
  L tested;
};

template <class Real>
NeuronParams<Real> neuronParams(const NeuronSpec& spec, Semantics semantics, bool fires) {
  return {semantics,
          spec.reset,
          static_cast<Real>(spec.alpha),
          static_cast<Real>(spec.beta),
          static_cast<Real>(spec.resetValue),
          static_cast<Real>(spec.refractory),
          spec.burst,
          spec.ternary,
          fires};
}

// What potentials are compared with: theta' = theta(1 - epsilon) in direct, theta in dsqn; for
// negative spikes `times` as much. Rounded once.
template <class Real>
Real comparedThreshold(double threshold, Semantics semantics, double epsilon, double times = 1.0) {
  const double compared = semantics == Semantics::Direct ? threshold * (1.0 - epsilon) : threshold;
  return static_cast<Real>(compared * times);
}

namespace neuron {

// decay * kept + added. A decay of 0 or 1 leaves out what changes no bit.
template <class L, class Real>
SPIQ_HOST_DEVICE inline L decayed(Real decay, L kept, L added) {
  if (decay == Real{0}) return added;
  if (decay == Real{1}) return kept + added;
  return lane::splat<L>(decay) * kept + added;
}

// As published: the test looks at the potential before its update, the potential takes the previous
// step's current, and the amount subtracted is 1 whatever the threshold.
template <class L, class Real>
SPIQ_HOST_DEVICE inline Fired<L> stepDsqn(const NeuronParams<Real>& p, L threshold,
                                          NeuronState<L>& state, L input) {
  const L zero = lane::splat<L>(Real{0});
  Fired<L> fired{zero, {}, state.potential};
  L potential = decayed(p.beta, state.potential, state.current);
  if (p.fires) {
    const auto above = state.potential > threshold;
    fired.count = lane::select(above, lane::splat<L>(Real{1}), zero);
    fired.some = above;
    potential = p.reset == Reset::Subtraction ? potential - fired.count
                                              : lane::select(above, zero, potential);
  }
  state.potential = potential;
  state.current = decayed(p.alpha, state.current, input);
  return fired;
}

template <class L, class Real>
SPIQ_HOST_DEVICE inline Fired<L> stepDirect(const NeuronParams<Real>& p, L threshold, L negative,
                                            NeuronState<L>& state, L input) {
  const L zero = lane::splat<L>(Real{0});
  const L one = lane::splat<L>(Real{1});
  const bool rests = p.refractory > Real{0};
  const auto resting = state.waiting > zero;
  if (rests) input = lane::select(resting, zero, input);

  state.current = decayed(p.alpha, state.current, input);
  L potential = decayed(p.beta, state.potential, state.current);
  if (rests) potential = lane::select(resting, state.potential, potential);

  Fired<L> all{zero, {}, potential};
  if (rests) {
    const L untested = lane::splat<L>(-static_cast<Real>(__builtin_inf()));
    all.tested = lane::select(resting, untested, potential);
  }
  if (p.fires) {
    // Held potentials must not fire: they are compared as if they were at zero.
    L rest = rests ? lane::select(resting, zero, potential) : potential;
    for (int spike = 0; spike < p.burst; ++spike) {
      const auto above = rest >= threshold;
      auto some = above;
      L fired = lane::select(above, one, zero);
      L left = lane::select(above, rest - threshold, rest);
      if (p.ternary) {
        const auto below = rest <= -negative;
        fired = lane::select(below, -one, fired);
        left = lane::select(below, rest + negative, left);
        some = fired != zero;
      }
      if (spike > 0 && !lane::any(some)) break;
      // Who fires again has fired before.
      if (spike == 0) {
        all.count = fired;
        all.some = some;
      } else {
        all.count = all.count + fired;
      }
      rest = left;
    }
    if (p.reset != Reset::Subtraction) rest = lane::splat<L>(p.resetValue);
    potential =
        rests || p.reset != Reset::Subtraction ? lane::select(all.some, rest, potential) : rest;
    if (rests) {
      const L others = lane::select(resting, state.waiting - one, zero);
      state.waiting = lane::select(all.some, lane::splat<L>(p.refractory), others);
    }
  }
  state.potential = potential;
  return all;
}

// Returns the spikes of this step: 0 or 1, -1 for ternary units, up to `burst` at once. `threshold`
// is comparedThreshold's; `negative`, which ternary units alone read, its multiple for spikes of
// -1.
template <class L, class Real>
SPIQ_HOST_DEVICE inline Fired<L> step(const NeuronParams<Real>& p, L threshold, L negative,
                                      NeuronState<L>& state, L input) {
  return p.semantics == Semantics::Direct
             ? stepDirect<L, Real>(p, threshold, negative, state, input)
             : stepDsqn<L, Real>(p, threshold, state, input);
}

}  // namespace neuron
}  // namespace spiq
