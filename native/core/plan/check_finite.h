#pragma once

#include <algorithm>
#include <atomic>
#include <string>

#include "base/shape.h"
#include "core/plan/control.h"

namespace spiq {

// As checkFinite, on several threads: who looks first at a large batch waits for memory.
template <class Real>
Status checkFinite(View<const Real> values, const std::string& what, Control& control) {
  constexpr std::size_t kEach = 1 << 15;
  const std::size_t parts = values.size / kEach + 1;
  if (control.threads == 1 || parts < 4) return checkFinite(values, what);
  std::atomic<bool> sound{true};
  control.pool.run(parts, control.threads, [&](std::size_t part, std::size_t /*worker*/) {
    const std::size_t first = part * kEach;
    const std::size_t size = std::min(kEach, values.size - first);
    if (!allFinite(View<const Real>{values.data + first, size})) sound = false;
  });
  return sound ? Status() : checkFinite(values, what);
}

}  // namespace spiq
