#pragma once

#include <algorithm>
#include <cmath>
#include <optional>
#include <string>

#include "base/neuron.h"
#include "core/graph/shapes.h"

namespace spiq {

inline Status checkFactor(double value, const std::string& what) {
  if (value >= 0.0 && value <= 1.0) return {};
  return mismatch(Code::Range, what, "a number from 0 to 1", showNumber(value));
}

// Integrate-and-fire units, one for each element of the input; base/neuron.h holds the equation.
struct NeuronNode {
  static constexpr const char* kind = "neuron";
  static constexpr Arity arity = Arity::One;
  static constexpr int kMaxRefractory = 1'000'000;
  NeuronSpec spec;
  // One for each channel (the first dimension), in place of spec.threshold.
  std::optional<Tensor> thresholds;

  double lowestThreshold() const {
    if (!thresholds) return spec.threshold;
    return *std::min_element(thresholds->data.begin(), thresholds->data.end());
  }

  Status validate(const std::string& what) const {
    if (thresholds) {
      if (thresholds->shape.size() != 1) {
        return mismatch(Code::Shape, what + " thresholds", "shape [channels]",
                        showShape(thresholds->shape));
      }
      if (Status status = checkTensor(*thresholds, what + " thresholds"); !status.ok())
        return status;
    }
    if (!std::isfinite(spec.initial)) {
      return mismatch(Code::Range, what + " initial", "a finite number", showNumber(spec.initial));
    }
    return validateSpec(what);
  }

  Status validateSpec(const std::string& what) const {
    const double threshold = lowestThreshold();
    if (!std::isfinite(threshold) || threshold <= 0) {
      return mismatch(Code::Range, what + " threshold", "a finite number above 0",
                      showNumber(threshold));
    }
    if (Status status = checkFactor(spec.alpha, what + " alpha"); !status.ok()) return status;
    if (Status status = checkFactor(spec.beta, what + " beta"); !status.ok()) return status;
    if (!std::isfinite(spec.resetValue) || spec.resetValue >= threshold) {
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
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (!thresholds || thresholds->shape[0] == in[0]) return in;
    return mismatch(Code::Shape, what + " thresholds", showShape({in[0]}),
                    showShape(thresholds->shape));
  }
};

}  // namespace spiq
