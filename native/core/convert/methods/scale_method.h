#pragma once

#include "core/convert/normalise.h"
#include "core/convert/statistics.h"

namespace spiq {

enum class Granularity : std::uint8_t { Layer, Channel };

// What the methods that find scales are told; each looks at what it needs.
struct ScaleOptions {
  double percentile = 0.99;
  Granularity granularity = Granularity::Layer;
  int steps = 100;  // T that the network is to be right at
  int burst = 1;    // spikes that a neuron may fire at once
};

inline Status checkPercentile(double percentile) {
  if (percentile > 0 && percentile <= 1) return {};
  return mismatch(Code::Range, "percentile", "a number above 0 and at most 1",
                  showNumber(percentile));
}

// For a channel that was never active: so many times its layer's scale. Its potential may well pass
// the threshold for a few steps, and a spike cannot be taken back; should it be active later, it
// fires seldom, for as much in the mean.
constexpr double kSilentFactor = 32;

// A unit that fires `burst` times in every step stands for burst times its scale, so a cap needs no
// other mechanism where the scale is no larger than this.
inline double cappedScale(const Site& site, double scale, int burst = 1) {
  return site.cap ? std::min(scale, *site.cap / burst) : scale;
}

}  // namespace spiq
