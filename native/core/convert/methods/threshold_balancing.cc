#include "core/convert/methods/threshold_balancing.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace spiq {

namespace {

// Scales tried, as shares of the largest activation.
constexpr int kTried = 60;
constexpr double kSmallest = 0.1;

double expectedError(const Histogram& histogram, double scale, const ScaleOptions& options) {
  const double quantum = scale / options.steps;
  const double most = options.steps * static_cast<double>(options.burst);
  double error = 0;
  histogram.each([&](double magnitude, std::uint64_t times) {
    const double spikes = std::min(std::floor(magnitude / quantum + 0.5), most);
    const double wrong = spikes * quantum - magnitude;
    error += wrong * wrong * static_cast<double>(times);
  });
  return error;
}

double balanced(const Histogram& histogram, const ScaleOptions& options) {
  double best = histogram.largest() / options.burst;
  double least = std::numeric_limits<double>::infinity();
  for (int i = 0; i <= kTried; ++i) {
    const double share = kSmallest + (1.0 - kSmallest) * i / kTried;
    const double scale = share * histogram.largest() / options.burst;
    const double error = expectedError(histogram, scale, options);
    if (error >= least) continue;
    least = error;
    best = scale;
  }
  return best;
}

}  // namespace

Result<std::vector<Scales>> thresholdBalancing(const Statistics& statistics,
                                               const ScaleOptions& options) {
  std::vector<Scales> scales;
  for (std::size_t s = 0; s < statistics.sites().size(); ++s) {
    const Site& site = statistics.sites()[s];
    Histogram layer;
    for (const Histogram& channel : statistics.of(s).channels) layer.add(channel);
    double ofLayer = 1;
    if (layer.count() > 0) ofLayer = site.readout ? layer.largest() : balanced(layer, options);
    const auto fitted = [&](double scale) { return cappedScale(site, scale, options.burst); };
    if (options.granularity == Granularity::Layer || site.readout) {
      scales.push_back({fitted(ofLayer)});
      continue;
    }
    Scales each;
    for (const Histogram& channel : statistics.of(s).channels)
      each.push_back(channel.count() == 0 ? kSilentFactor * ofLayer
                                          : fitted(balanced(channel, options)));
    scales.push_back(std::move(each));
  }
  return scales;
}

}  // namespace spiq
