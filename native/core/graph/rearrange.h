#pragma once

#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// The same elements in the same row-major order under another shape.
struct ReshapeNode {
  static constexpr const char* kind = "reshape";
  static constexpr Arity arity = Arity::One;
  Shape shape;

  Status validate(const std::string& what) const {
    return elementCount(shape, what + " shape").status();
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    const Result<std::int64_t> have = elementCount(in, "input of " + what);
    if (!have.ok()) return have.status();
    if (have.value() == elementCount(shape, what).value()) return shape;
    return mismatch(Code::Shape, "input of " + what,
                    "as many elements as " + showShape(shape) + " has", showShape(in));
  }
};

// Inputs one after the other, in edge order, along `axis` (0: channels).
struct ConcatNode {
  static constexpr const char* kind = "concat";
  static constexpr Arity arity = Arity::Several;
  std::int64_t axis = 0;

  Status validate(const std::string& what) const {
    if (axis >= 0 && axis <= 2) return {};
    return mismatch(Code::Range, what + " axis", "0 to 2", std::to_string(axis));
  }
  Result<Shape> outputShape(const std::vector<Shape>& in, const std::string& what) const {
    Shape out = in.front();
    const auto along = static_cast<std::size_t>(axis);
    for (std::size_t i = 0; i < in.size(); ++i) {
      Shape other = in[i];
      if (other.size() <= along || other.size() != out.size()) {
        return mismatch(Code::Shape, "inputs of " + what,
                        "the same dimensions, the axis among them", showShape(other));
      }
      const std::int64_t size = other[along];
      other[along] = in.front()[along];
      if (other != in.front()) {
        return mismatch(Code::Shape, "inputs of " + what, "equal sizes beside the axis",
                        showShape(in[i]) + " beside " + showShape(in.front()));
      }
      if (i > 0) out[along] += size;
    }
    const Result<std::int64_t> count = elementCount(out, "output of " + what);
    if (!count.ok()) return count.status();
    return out;
  }
};

// Nearest neighbour: every element repeated `scale[d]` times along each spatial dimension.
struct UpsampleNode {
  static constexpr const char* kind = "upsample";
  static constexpr Arity arity = Arity::One;
  Sizes scale;

  Status validate(const std::string& what) const {
    return sizesOrDefault(scale, scale.empty() ? 1 : scale.size(), 1, 1, what + " scale").status();
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (in.size() != scale.size() + 1 || scale.empty()) {
      return mismatch(Code::Shape, "input of " + what, "one scale for each spatial dimension",
                      showShape(in));
    }
    Shape out = in;
    for (std::size_t d = 0; d < scale.size(); ++d) out[d + 1] *= scale[d];
    const Result<std::int64_t> count = elementCount(out, "output of " + what);
    if (!count.ok()) return count.status();
    return out;
  }
};

// Dimensions in another order: output dimension d is input dimension axes[d].
struct TransposeNode {
  static constexpr const char* kind = "transpose";
  static constexpr Arity arity = Arity::One;
  Sizes axes;

  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

// Those of the positions along `axis` that `indices` names, in that order; one may come twice.
struct SelectNode {
  static constexpr const char* kind = "select";
  static constexpr Arity arity = Arity::One;
  std::int64_t axis = 0;
  Sizes indices;

  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

// Zeros around the input: all begins, then all ends, of every dimension, channels included.
struct PadNode {
  static constexpr const char* kind = "pad";
  static constexpr Arity arity = Arity::One;
  Sizes padding;

  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

}  // namespace spiq
