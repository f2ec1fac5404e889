#include "core/convert/methods/activation_percentile.h"

#include <algorithm>

namespace spiq {

Result<std::vector<Scales>> activationPercentile(const Statistics& statistics,
                                                 const ScaleOptions& options) {
  if (const Status status = checkPercentile(options.percentile); !status.ok()) return status;
  std::vector<Scales> scales;
  for (std::size_t s = 0; s < statistics.sites().size(); ++s) {
    const Site& site = statistics.sites()[s];
    Histogram layer;
    for (const Histogram& channel : statistics.of(s).channels) layer.add(channel);
    // A layer that is silent on all rows has nothing to be scaled by.
    const double ofLayer = layer.count() == 0 ? 1.0 : layer.percentile(options.percentile);
    const auto fitted = [&](double scale) {
      return cappedScale(site, scale / options.burst, options.burst);
    };
    if (options.granularity == Granularity::Layer || site.readout) {
      scales.push_back({fitted(ofLayer)});
      continue;
    }
    Scales each;
    for (const Histogram& channel : statistics.of(s).channels) {
      each.push_back(channel.count() == 0 ? kSilentFactor * ofLayer
                                          : fitted(channel.percentile(options.percentile)));
    }
    scales.push_back(std::move(each));
  }
  return scales;
}

}  // namespace spiq
