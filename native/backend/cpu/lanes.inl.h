// Included by the files of kernels, which beforehand define SPIQ_LANE_BYTES: vectors of the width
// of an instruction set.
#include <cstdint>
#include <cstring>

#include "base/lane.h"

namespace spiq {
namespace {

template <class Real>
using LaneOf = typename lane::Vector<Real, SPIQ_LANE_BYTES>::Type;

template <class Real>
constexpr std::int64_t kWidth = lane::Vector<Real, SPIQ_LANE_BYTES>::width;

template <class L, class Real>
inline L load(const Real* from) {
  L value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class L, class Real>
inline void store(Real* to, L value) {
  std::memcpy(to, &value, sizeof value);
}

}  // namespace
}  // namespace spiq
