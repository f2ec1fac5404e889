#include "core/learn/schedule.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace spiq {

namespace {

constexpr double kPi = 3.14159265358979323846;

// How much of the way from `from` to `to` lies behind.
double share(const Schedule& schedule, std::uint64_t update) {
  return std::min(1.0, static_cast<double>(update) / static_cast<double>(schedule.steps));
}

double decayed(const Schedule& schedule, double times) {
  const double value = schedule.from * std::pow(schedule.decay, times);
  return schedule.decay > 1.0 ? std::min(value, schedule.to) : std::max(value, schedule.to);
}

}  // namespace

double Schedule::at(std::uint64_t update) const {
  switch (kind) {
    case Kind::Constant:
      return from;
    case Kind::Linear:
      return from + (to - from) * share(*this, update);
    case Kind::Exponential:
      return decayed(*this, static_cast<double>(update));
    case Kind::Cosine:
      return to + (from - to) * 0.5 * (1.0 + std::cos(kPi * share(*this, update)));
    case Kind::Steps:
      return decayed(*this, std::floor(static_cast<double>(update) / static_cast<double>(steps)));
  }
  return from;
}

Status Schedule::validate(const char* what) const {
  for (const double value : {from, to}) {
    if (std::isfinite(static_cast<float>(value)) && value >= 0.0) continue;
    return mismatch(Code::Range, what, "numbers from 0 on", showNumber(value));
  }
  if (!std::isfinite(decay) || decay <= 0.0) {
    return mismatch(Code::Range, std::string(what) + ": decay", "a number above 0",
                    showNumber(decay));
  }
  if (steps < 1) {
    return mismatch(Code::Range, std::string(what) + ": steps", "at least 1",
                    std::to_string(steps));
  }
  return {};
}

}  // namespace spiq
