#include "core/convert/methods/activation_percentile.h"

#include <algorithm>

namespace spiq {

Result<std::vector<Scales>> activationPercentile(const Statistics& statistics,
                                                 const ScaleOptions& options) {
  if (const Status status = checkPercentile(options.percentile); !status.ok()) return status;
  const auto choose = [&](const Histogram& histogram, const Site& /*site*/) {
    return histogram.percentile(options.percentile);
  };
  return scalesOfHistograms(statistics, options, options.burst, choose);
}

}  // namespace spiq
