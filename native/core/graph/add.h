#pragma once

#include <string>
#include <vector>

#include "core/graph/shapes.h"

namespace spiq {

// Elementwise sum of the inputs, in edge order: ((a + b) + c) + ...
struct AddNode {
  static constexpr const char* kind = "add";
  static constexpr Arity arity = Arity::Several;

  Status validate(const std::string& /*what*/) const { return {}; }
  Result<Shape> outputShape(const std::vector<Shape>& in, const std::string& what) const {
    for (const Shape& shape : in) {
      if (shape != in.front()) {
        return mismatch(Code::Shape, "inputs of " + what, "one and the same shape",
                        showShape(shape) + " beside " + showShape(in.front()));
      }
    }
    return in.front();
  }
};

}  // namespace spiq
