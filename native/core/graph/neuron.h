#pragma once

#include <cmath>
#include <string>

#include "base/neuron.h"
#include "base/shape.h"

namespace spiq {

inline Status checkFactor(double value, const std::string& what) {
  if (value >= 0.0 && value <= 1.0) return {};
  return mismatch(Code::Range, what, "a number from 0 to 1", showNumber(value));
}

// Integrate-and-fire units, one for each element of the input; base/neuron.h holds the equation.
struct NeuronNode {
  static constexpr const char* kind = "neuron";
  static constexpr int kMaxRefractory = 1'000'000;
  NeuronSpec spec;

  Status validate(const std::string& what) const {
    if (!std::isfinite(spec.threshold) || spec.threshold <= 0) {
      return mismatch(Code::Range, what + " threshold", "a finite number above 0",
                      showNumber(spec.threshold));
    }
    if (Status status = checkFactor(spec.alpha, what + " alpha"); !status.ok()) return status;
    if (Status status = checkFactor(spec.beta, what + " beta"); !status.ok()) return status;
    if (!std::isfinite(spec.resetValue) || spec.resetValue >= spec.threshold) {
      return mismatch(Code::Range, what + " resetValue", "a finite number below the threshold",
                      showNumber(spec.resetValue));
    }
    if (spec.reset != Reset::Value && spec.resetValue != 0) {
      return mismatch(Code::Argument, what + " resetValue", "reset 'value' beside it",
                      "another reset");
    }
    if (spec.refractory < 0 || spec.refractory > kMaxRefractory) {
      return mismatch(Code::Range, what + " refractory", "0 to 1000000 steps",
                      std::to_string(spec.refractory));
    }
    if (spec.burst < 1 || spec.burst > kMaxBurst) {
      return mismatch(Code::Range, what + " burst", "1 to " + std::to_string(kMaxBurst),
                      std::to_string(spec.burst));
    }
    if (spec.ternary && spec.reset != Reset::Subtraction) {
      return mismatch(Code::Unsupported, what + " ternary", "reset 'subtraction' beside it",
                      "another reset");
    }
    return {};
  }
  Result<Shape> outputShape(const Shape& in, const std::string& /*what*/) const { return in; }
};

}  // namespace spiq
