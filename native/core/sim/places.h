#pragma once

#include <cstddef>
#include <cstdint>

#include "core/plan/layout.h"

// How the work of an operation divides, and where a part of it lies.

namespace spiq {

inline std::int64_t portions(std::int64_t count, std::int64_t each) {
  return each >= count ? 1 : (count + each - 1) / each;
}

// Positions that are brought into another order at a time: their lines stay in the first cache
// while one channel after the other is written.
constexpr std::int64_t kMovedPositions = 256;

// Units that a ReLU goes through at a time.
constexpr std::size_t kRectifiedUnits = 1 << 14;

inline std::size_t portionsOf(const Layout& layout) {
  return static_cast<std::size_t>(portions(layout.positions, kMovedPositions));
}

struct Place {
  std::size_t row;
  std::int64_t position;
};

// Divisions take longer than all else that small networks do for a cell.
inline Place placeOf(std::int64_t cell, std::int64_t positions) {
  if (positions == 1) return {static_cast<std::size_t>(cell), 0};
  return {static_cast<std::size_t>(cell / positions), cell % positions};
}

}  // namespace spiq
