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

// choose(histogram, site) of each layer or channel, over `divisor`. The read-out has one scale for
// all its units; a layer that is silent on all rows has nothing to be scaled by.
template <class Choose>
std::vector<Scales> scalesOfHistograms(const Statistics& statistics, const ScaleOptions& options,
                                       int divisor, const Choose& choose) {
  std::vector<Scales> scales;
  for (std::size_t s = 0; s < statistics.sites().size(); ++s) {
    const Site& site = statistics.sites()[s];
    const std::vector<Histogram>& channels = statistics.of(s).channels;
    Histogram layer;
    for (const Histogram& channel : channels) layer.add(channel);
    const double ofLayer = layer.count() == 0 ? 1.0 : choose(layer, site);
    const auto fitted = [&](double scale) {
      return cappedScale(site, scale / divisor, options.burst);
    };
    if (options.granularity == Granularity::Layer || site.readout) {
      scales.push_back({fitted(ofLayer)});
      continue;
    }
    Scales each;
    each.reserve(channels.size());
    for (const Histogram& channel : channels) {
      each.push_back(channel.count() == 0 ? kSilentFactor * ofLayer
                                          : fitted(choose(channel, site)));
    }
    scales.push_back(std::move(each));
  }
  return scales;
}

}  // namespace spiq
