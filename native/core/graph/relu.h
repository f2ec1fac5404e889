#pragma once

#include <string>

#include "base/shape.h"

namespace spiq {

// y = max(x, 0)
struct ReluNode {
  static constexpr const char* kind = "relu";
  Status validate(const std::string& /*what*/) const { return {}; }
  Result<Shape> outputShape(const Shape& in, const std::string& /*what*/) const { return in; }
};

}  // namespace spiq
