#pragma once

#include <cstddef>
#include <cstdint>

namespace spiq {

// How an optimiser moves a value v by its gradient g, with what it remembers in a, b and c. Every
// operation is rounded by itself. Weight decay: g is g + weightDecay * v, but for Adam.
enum class MoveRule : std::uint8_t {
  Plain,            // v -= rate g
  Sgd,              // a = momentum a + g; v -= rate (direct g + repeated a)
  Rmsprop,          // a = decay a + fresh g g; v -= rate g / (sqrt a + epsilon)
  RmspropMomentum,  // the same over the variance where centred; b = momentum b + that; c the mean
  RmspropNature,    // b = momentum b + freshMean g; v -= rate g / sqrt(a - b b + epsilon)
  RmspropNeon,      // v -= rate g / (sqrt(a + epsilon) + epsilon)
  Adam  // a += freshMean (g - a); b = decay b + fresh g g; v = shrink v - rate a / (widen sqrt b +
        // epsilon)
};

template <class Real>
struct MoveParams {
  MoveRule rule;
  Real rate;
  Real weightDecay;
  Real momentum;
  Real direct;
  Real repeated;
  Real decay;
  Real fresh;  // 1 - decay
  Real freshMean;
  Real epsilon;
  Real centred;  // 1 or 0
  Real widen;    // one over the root of what the running squares still lack of 1
  Real shrink;   // what weight decay leaves of a value
  Real clip;     // gradients are cut to +-clip
  Real scale;    // and then scaled
};

// Neighbouring values with their gradients and what is remembered of earlier ones.
template <class Real>
struct Moved {
  static constexpr std::size_t kMoments = 3;

  Real* values;
  Real* gradient;
  Real* moments[kMoments];
  std::size_t size;
  // Where values stay.
  Real least;
  Real most;
};

}  // namespace spiq
