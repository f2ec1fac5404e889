#pragma once

#include "core/fixed/s1615.h"

namespace spiq {

enum class Rounding { Nearest, Truncate };

// The leaky neuron of the chip with cm = 1, v_rest = 0 and steps of 1 ms:
//   alpha = I*R;  v <- alpha - expTC*(alpha - v),  R = tau_m,  expTC = exp(-1/tau_m)
// Every result has 32 bits and wraps. Without a time constant it is the ideal v <- v + I.
class Membrane {
 public:
  static Membrane ideal() { return {}; }
  // `tauM` has to be a positive number of the chip.
  static Membrane leaky(double tauM, Rounding rounding) {
    Membrane membrane;
    membrane.leaks_ = true;
    membrane.resistance_ = toS1615(tauM).value_or(0);
    membrane.decay_ = toS1615(std::exp(-1 / tauM)).value_or(0);
    membrane.half_ = rounding == Rounding::Nearest ? std::int64_t{1} << (kFractionBits - 1) : 0;
    return membrane;
  }

  S1615 step(S1615 v, std::int64_t input, bool& wrapped) const {
    const std::int64_t current = keepLow(input, wrapped);
    if (!leaks_) return keepLow(v + current, wrapped);
    const std::int64_t alpha = keepLow(product(current, resistance_), wrapped);
    const std::int64_t distance = keepLow(alpha - v, wrapped);
    return keepLow(alpha - product(decay_, distance), wrapped);
  }

  double resistance() const { return fromS1615(resistance_); }
  double decay() const { return leaks_ ? fromS1615(decay_) : 1; }
  // What a current adds to a potential near rest: R*(1 - expTC).
  double gain() const { return leaks_ ? resistance() * (1 - decay()) : 1; }

 private:
  Membrane() = default;
  std::int64_t product(std::int64_t a, std::int64_t b) const {
    return (a * b + half_) >> kFractionBits;
  }

  bool leaks_ = false;
  S1615 resistance_ = 0;
  S1615 decay_ = 0;
  std::int64_t half_ = 0;
};

}  // namespace spiq
