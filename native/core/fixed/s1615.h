#pragma once

#include <cmath>
#include <cstdint>
#include <optional>

namespace spiq {

// A number of the chip: a sign, 16 bits before the binary point and 15 behind it.
using S1615 = std::int32_t;

constexpr int kFractionBits = 15;
constexpr double kS1615Steps = 32768;  // in 1
constexpr double kLeastS1615 = -65536;
constexpr double kEndS1615 = 65536;  // the first number above the range

// The nearest number, halves to the even one, as the tool chain writes parameters; none outside
// the range.
inline std::optional<S1615> toS1615(double value) {
  const double steps = std::nearbyint(value * kS1615Steps);
  if (!(steps >= INT32_MIN && steps <= INT32_MAX)) return std::nullopt;
  return static_cast<S1615>(steps);
}

inline double fromS1615(S1615 value) {
  return value / kS1615Steps;
}

// What 32 bits keep of an exact result; `wrapped` is set where that is another number.
inline S1615 keepLow(std::int64_t exact, bool& wrapped) {
  const auto low = static_cast<S1615>(static_cast<std::uint32_t>(exact));
  wrapped = wrapped || low != exact;
  return low;
}

}  // namespace spiq
