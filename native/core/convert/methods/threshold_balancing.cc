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
  const auto choose = [&](const Histogram& histogram, const Site& site) {
    return site.readout ? histogram.largest() : balanced(histogram, options);
  };
  // The search takes bursts into account.
  return scalesOfHistograms(statistics, options, 1, choose);
}

}  // namespace spiq
