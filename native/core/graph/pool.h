#pragma once

#include <string>

#include "core/graph/shapes.h"

namespace spiq {

enum class PoolMode : std::uint8_t { Average, Sum, Max };
// What a maximum over spikes is: the spikes of the unit that has fired most so far (Rueckauer et
// al. 2017; ties go to the first unit), or their average.
enum class MaxOfSpikes : std::uint8_t { Gated, Average };

// Channels by themselves, in one or two dimensions. Sums run over the kernel rows first and are
// multiplied once.
struct PoolNode {
  static constexpr const char* kind = "pool";
  static constexpr Arity arity = Arity::One;
  PoolMode mode = PoolMode::Average;
  Sizes kernel;               // empty: the whole extent, one value a channel
  Sizes stride;               // empty: the kernel
  Sizes padding;              // all begins, then all ends; empty: 0
  bool countPadding = false;  // average: padding counts as zeros and not as absent
  MaxOfSpikes spikes = MaxOfSpikes::Gated;
  Sizes dilation = {};  // empty: 1

  Result<Window> window(const Shape& in, const std::string& what) const;
  Status validate(const std::string& what) const;
  Result<Shape> outputShape(const Shape& in, const std::string& what) const;
};

}  // namespace spiq
