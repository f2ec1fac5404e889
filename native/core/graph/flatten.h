#pragma once

#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// All dimensions joined into one, row-major; the values stay in place.
struct FlattenNode {
  static constexpr const char* kind = "flatten";
  static constexpr Arity arity = Arity::One;
  Status validate(const std::string& /*what*/) const { return {}; }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    const Result<std::int64_t> count = elementCount(in, "input of " + what);
    if (!count.ok()) return count.status();
    return Shape{count.value()};
  }
};

}  // namespace spiq
