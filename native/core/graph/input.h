#pragma once

#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// Where an observation enters; `shape` is that of one observation.
struct InputNode {
  static constexpr const char* kind = "input";
  static constexpr Arity arity = Arity::None;
  Shape shape;

  Status validate(const std::string& what) const {
    const Result<std::int64_t> count = elementCount(shape, what);
    return count.ok() ? Status() : count.status();
  }
  Result<Shape> outputShape(const Shape& /*none*/, const std::string& /*what*/) const {
    return shape;
  }
};

}  // namespace spiq
