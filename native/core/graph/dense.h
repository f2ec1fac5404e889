#pragma once

#include <optional>
#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// y[o] = sum over i of weight[o][i] * x[i] + bias[o]
struct DenseNode {
  static constexpr const char* kind = "dense";
  static constexpr Arity arity = Arity::One;
  Tensor weight;               // [out, in]
  std::optional<Tensor> bias;  // [out]

  std::int64_t outputs() const { return weight.shape[0]; }
  std::int64_t inputs() const { return weight.shape[1]; }

  Status validate(const std::string& what) const {
    if (weight.shape.size() != 2) {
      return mismatch(Code::Shape, what + " weight", "shape [out, in]", showShape(weight.shape));
    }
    if (const Status status = checkTensor(weight, what + " weight"); !status.ok()) return status;
    if (!bias) return {};
    if (bias->shape != Shape{outputs()}) {
      return mismatch(Code::Shape, what + " bias", showShape({outputs()}), showShape(bias->shape));
    }
    return checkTensor(*bias, what + " bias");
  }

  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (in != Shape{inputs()}) {
      return mismatch(Code::Shape, "input of " + what, showShape({inputs()}), showShape(in));
    }
    return Shape{outputs()};
  }
};

}  // namespace spiq
