#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "base/neuron.h"
#include "core/graph/per_channel.h"

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
  std::optional<Tensor> thresholds = {};
  std::optional<Tensor> initials = {};   // likewise, in place of spec.initial
  std::optional<Tensor> negatives = {};  // likewise, in place of spec.negative

  double lowestThreshold() const {
    if (!thresholds) return spec.threshold;
    return *std::min_element(thresholds->data.begin(), thresholds->data.end());
  }

  Status validate(const std::string& what) const {
    for (const auto& [name, tensor] : perChannel()) {
      if (Status status = checkPerChannel(*tensor, what + " " + name); !status.ok()) return status;
    }
    if (Status status = validateNegatives(what); !status.ok()) return status;
    if (!std::isfinite(spec.initial)) {
      return mismatch(Code::Range, what + " initial", "a finite number", showNumber(spec.initial));
    }
    return validateSpec(what);
  }

  // By the names of their fields.
  std::array<std::pair<const char*, const std::optional<Tensor>*>, 3> perChannel() const {
    return {{{"thresholds", &thresholds}, {"initials", &initials}, {"negatives", &negatives}}};
  }

  Status validateNegatives(const std::string& what) const {
    double least = spec.negative;
    if (negatives) least = *std::min_element(negatives->data.begin(), negatives->data.end());
    if (!std::isfinite(least) || least <= 0) {
      return mismatch(Code::Range, what + " negative", "a finite number above 0",
                      showNumber(least));
    }
    if (spec.ternary || (spec.negative == 1 && !negatives)) return {};
    return mismatch(Code::Argument, what + " negative", "ternary units", "others");
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
    for (const auto& [name, tensor] : perChannel()) {
      if (Status status = fitsChannels(*tensor, in, what + " " + name); !status.ok()) return status;
    }
    return in;
  }
};

}  // namespace spiq
