#pragma once

#include <cmath>
#include <string>
#include <vector>

#include "core/graph/scale.h"

namespace spiq {

// y[c] = scale[c] * (x[c] - mean[c]) / sqrt(variance[c] + epsilon) + shift[c] for each channel.
// Computed as scaleOf's node; core/convert/fold_batch_norm.h puts it into a layer beside it.
struct BatchNormNode {
  static constexpr const char* kind = "batch_norm";
  static constexpr Arity arity = Arity::One;
  Tensor scale;  // [channels] each
  Tensor shift;
  Tensor mean;
  Tensor variance;
  double epsilon = 1e-5;

  Status validate(const std::string& what) const {
    const std::pair<const char*, const Tensor*> parts[] = {
        {" scale", &scale}, {" shift", &shift}, {" mean", &mean}, {" variance", &variance}};
    for (const auto& [name, tensor] : parts) {
      if (tensor->shape.size() != 1 || tensor->shape != scale.shape) {
        return mismatch(Code::Shape, what + name, "[channels], the same for all four",
                        showShape(tensor->shape));
      }
      if (Status status = checkTensor(*tensor, what + name); !status.ok()) return status;
    }
    for (const float value : variance.data) {
      if (!(value + epsilon > 0)) {
        return mismatch(Code::Range, what + " variance + epsilon", "above 0",
                        showNumber(value + epsilon));
      }
    }
    return {};
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (!in.empty() && in[0] == scale.shape[0]) return in;
    return mismatch(Code::Shape, "input of " + what, std::to_string(scale.shape[0]) + " channels",
                    showShape(in));
  }

  // What x - mean is multiplied by.
  std::vector<double> factors() const {
    std::vector<double> all;
    all.reserve(scale.data.size());
    for (std::size_t c = 0; c < scale.data.size(); ++c)
      all.push_back(scale.data[c] / std::sqrt(variance.data[c] + epsilon));
    return all;
  }
};

// Factor and offset in double, rounded once.
inline ScaleNode scaleOf(const BatchNormNode& norm) {
  const std::vector<double> factors = norm.factors();
  ScaleNode node{{norm.scale.shape, {}}, Tensor{norm.scale.shape, {}}};
  for (std::size_t c = 0; c < factors.size(); ++c) {
    node.factor.data.push_back(static_cast<float>(factors[c]));
    node.offset->data.push_back(
        static_cast<float>(norm.shift.data[c] - norm.mean.data[c] * factors[c]));
  }
  return node;
}

}  // namespace spiq
