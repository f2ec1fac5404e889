#pragma once

#include <cstdint>

#include "base/status.h"

namespace spiq {

// A number that changes with the updates made so far, u.
// - Constant: from
// - Linear: from `from` to `to` in `steps` updates, `to` afterwards
// - Exponential: from * decay^u, but never beyond `to`
// - Cosine: half a cosine from `from` to `to` in `steps` updates (Loshchilov and Hutter, "SGDR",
//   ICLR 2017, without restarts)
// - Steps: from * decay^floor(u / steps), but never beyond `to`
struct Schedule {
  enum class Kind : std::uint8_t { Constant, Linear, Exponential, Cosine, Steps };
  Kind kind = Kind::Constant;
  double from = 0.0;
  double to = 0.0;
  std::int64_t steps = 1;
  double decay = 1.0;

  double at(std::uint64_t update) const;
  // All it ever gives is finite and not negative.
  Status validate(const char* what) const;
};

}  // namespace spiq
