#pragma once

#include <optional>
#include <string>

#include "core/graph/per_channel.h"

namespace spiq {

// Where an observation enters; `shape` is that of one observation. factor * x + offset is what the
// network is given and what encoders turn into spikes: pixels of 0 to 255 become 0 to 1 here.
struct InputNode {
  static constexpr const char* kind = "input";
  static constexpr Arity arity = Arity::None;
  Shape shape;
  std::optional<Tensor> factor = {};  // [channels], the first dimension
  std::optional<Tensor> offset = {};

  bool changesValues() const { return factor.has_value() || offset.has_value(); }

  Status validate(const std::string& what) const {
    const Result<std::int64_t> count = elementCount(shape, what);
    if (!count.ok()) return count.status();
    if (Status status = checkPerChannel(factor, what + " factor"); !status.ok()) return status;
    if (Status status = checkPerChannel(offset, what + " offset"); !status.ok()) return status;
    if (Status status = fitsChannels(factor, shape, what + " factor"); !status.ok()) return status;
    return fitsChannels(offset, shape, what + " offset");
  }
  Result<Shape> outputShape(const Shape& /*none*/, const std::string& /*what*/) const {
    return shape;
  }
};

}  // namespace spiq
