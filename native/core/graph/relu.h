#pragma once

#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// y = max(x, 0)
struct ReluNode {
  static constexpr const char* kind = "relu";
  static constexpr Arity arity = Arity::One;
  Status validate(const std::string& /*what*/) const { return {}; }
  Result<Shape> outputShape(const Shape& in, const std::string& /*what*/) const { return in; }
};

}  // namespace spiq
