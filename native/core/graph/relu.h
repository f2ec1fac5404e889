#pragma once

#include <cmath>
#include <optional>
#include <string>

#include "core/graph/per_channel.h"

namespace spiq {

// y = min(x, cap) where x >= 0, slope * x elsewhere.
struct ReluNode {
  static constexpr const char* kind = "relu";
  static constexpr Arity arity = Arity::One;
  double slope = 0;              // 0: a plain ReLU; above: a leaky one
  std::optional<Tensor> slopes;  // one for each channel (the first dimension), in place of slope
  std::optional<double> cap;

  bool leaks() const { return slope != 0 || slopes.has_value(); }

  Status validate(const std::string& what) const {
    if (!std::isfinite(slope))
      return mismatch(Code::Range, what + " slope", "a finite number", showNumber(slope));
    if (Status status = checkPerChannel(slopes, what + " slopes"); !status.ok()) return status;
    if (slopes && slope != 0)
      return mismatch(Code::Argument, what, "either slope or slopes", "both");
    if (cap && !(std::isfinite(*cap) && *cap > 0))
      return mismatch(Code::Range, what + " cap", "a finite number above 0", showNumber(*cap));
    return {};
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (Status status = fitsChannels(slopes, in, what + " slopes"); !status.ok()) return status;
    return in;
  }
};

}  // namespace spiq
