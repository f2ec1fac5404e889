#include "core/convert/methods/published.h"

#include <algorithm>

#include "core/convert/sums.h"

namespace spiq {

Result<std::vector<Scales>> publishedRobust(const Statistics& statistics, double percentile) {
  if (const Status status = checkPercentile(percentile); !status.ok()) return status;
  const std::size_t rows = statistics.rows();
  if (rows == 0) return mismatch(Code::Shape, "calibration rows", "at least one", "none");
  const auto index = static_cast<std::ptrdiff_t>(percentile * static_cast<double>(rows - 1));
  std::vector<Scales> scales;
  for (std::size_t s = 0; s < statistics.sites().size(); ++s) {
    std::vector<double> maxima = statistics.of(s).rowMaxima;
    std::nth_element(maxima.begin(), maxima.begin() + index, maxima.end());
    const Site& site = statistics.sites()[s];
    const double scale = std::max(site.largestParameter, maxima[static_cast<std::size_t>(index)]);
    scales.push_back({cappedScale(site, scale)});
  }
  return scales;
}

Result<std::vector<Scales>> publishedModel(const Graph& prepared) {
  const Result<Arrangement> arrangement = arrange(prepared);
  if (!arrangement.ok()) return arrangement.status();
  std::vector<Scales> scales;
  for (const Site& site : sitesOf(arrangement.value())) {
    double scale = site.largestParameter;
    for (const Node* node : sumsInto(arrangement.value(), site.place))
      scale = std::max(scale, largestPositiveSum(*node));
    scales.push_back({cappedScale(site, scale)});
  }
  return scales;
}

}  // namespace spiq
