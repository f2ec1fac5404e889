#pragma once

#include <cstdint>

#include "base/lane.h"

namespace spiq {

// The derivative that takes the place of a spike's, with x = potential - threshold and the slope k.
// - FastSigmoid: 1 / (k |x| + 1)^2 (SuperSpike: Zenke and Ganguli, Neural Computation 30, 2018;
//   k = 100 in the published spiking Q-networks)
// - Arctan: 1 / (1 + (pi k x / 2)^2) (Fang et al., "Incorporating learnable membrane time
// constant",
//   ICCV 2021)
// - Sigmoid: k g (1 - g), g = 1 / (1 + exp(-k x)) (Zenke and Vogels, Neural Computation 33, 2021)
// - Piecewise: max(0, 1 - k |x|) (Esser et al., "Convolutional networks for fast, energy-efficient
//   neuromorphic computing", PNAS 113, 2016)
enum class SurrogateKind : std::uint8_t { FastSigmoid, Arctan, Sigmoid, Piecewise };

struct Surrogate {
  SurrogateKind kind = SurrogateKind::FastSigmoid;
  double slope = 100.0;
};

namespace neuron {

// 0 where x lies below all numbers.
template <SurrogateKind kind, class L, class Real>
inline L surrogateAt(Real slope, L x) {
  constexpr double kHalfPi = 1.57079632679489661923;
  const L zero = lane::splat<L>(Real{0});
  const L one = lane::splat<L>(Real{1});
  const L k = lane::splat<L>(slope);
  if constexpr (kind == SurrogateKind::FastSigmoid) {
    const L part = lane::reciprocalOf1And<Real>(k * lane::magnitude<Real>(x));
    return part * part;
  } else if constexpr (kind == SurrogateKind::Arctan) {
    const L part = lane::splat<L>(static_cast<Real>(kHalfPi) * slope) * x;
    return lane::reciprocalOf1And<Real>(part * part);
  } else if constexpr (kind == SurrogateKind::Sigmoid) {
    const L part = one / (one + lane::exponential(-k * x));
    return k * part * (one - part);
  } else {
    const L height = one - k * lane::magnitude<Real>(x);
    return lane::select(height > zero, height, zero);
  }
}

}  // namespace neuron
}  // namespace spiq
