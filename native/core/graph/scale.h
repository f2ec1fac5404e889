#pragma once

#include <optional>
#include <string>

#include "core/graph/per_channel.h"

namespace spiq {

// y[c] = factor[c] * x[c] + offset[c] for each channel c.
struct ScaleNode {
  static constexpr const char* kind = "scale";
  static constexpr Arity arity = Arity::One;
  Tensor factor;                 // [channels]
  std::optional<Tensor> offset;  // [channels]

  Status validate(const std::string& what) const {
    if (Status status = checkPerChannel(factor, what + " factor"); !status.ok()) return status;
    if (Status status = checkPerChannel(offset, what + " offset"); !status.ok()) return status;
    if (!offset || offset->shape == factor.shape) return {};
    return mismatch(Code::Shape, what + " offset", showShape(factor.shape),
                    showShape(offset->shape));
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (!in.empty() && in[0] == factor.shape[0]) return in;
    return mismatch(Code::Shape, "input of " + what, std::to_string(factor.shape[0]) + " channels",
                    showShape(in));
  }
};

}  // namespace spiq
