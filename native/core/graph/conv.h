#pragma once

#include <optional>
#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// y[o, p] = bias[o] + sum over kernel k (rows first) and channel c of weight[o, c, k] * x[c, p *
// stride + k * dilation - padding], in one or two dimensions. Group g of the outputs sees group g
// of the inputs.
struct ConvNode {
  static constexpr const char* kind = "conv";
  static constexpr Arity arity = Arity::One;
  Tensor weight;               // [out, in / groups, kernel...]
  std::optional<Tensor> bias;  // [out]
  Sizes stride;                // each empty: 1
  Sizes dilation;
  Sizes padding;  // all begins, then all ends; empty: 0
  std::int64_t groups = 1;

  std::int64_t outputs() const { return weight.shape[0]; }
  std::int64_t inputs() const { return weight.shape[1] * groups; }
  Result<Window> window(const std::string& what) const;

  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

// The transpose of a convolution in its geometry: y[o, q] = bias[o] + sum over all k and p with p *
// stride + k * dilation - padding = q of weight[c, o, k] * x[c, p], kernel position first, then
// channel.
struct ConvTransposeNode {
  static constexpr const char* kind = "conv_transpose";
  static constexpr Arity arity = Arity::One;
  Tensor weight;               // [in, out / groups, kernel...]
  std::optional<Tensor> bias;  // [out]
  Sizes stride;
  Sizes dilation;
  Sizes padding;
  Sizes outputPadding;  // added to the output's end; empty: 0
  std::int64_t groups = 1;

  std::int64_t outputs() const { return weight.shape[1] * groups; }
  std::int64_t inputs() const { return weight.shape[0]; }
  Result<Window> window(const std::string& what) const;

  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

}  // namespace spiq
