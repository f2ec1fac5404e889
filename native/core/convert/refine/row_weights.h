#pragma once

#include <vector>

namespace spiq {

// How far the largest output of each row lies above the second.
std::vector<double> outputGaps(const std::vector<double>& outputs, std::size_t width);

double median(std::vector<double> values);

// 1 / (gap^2 + (share * median gap)^2): rows count the more the closer their two best outputs are,
// since an error changes the action there. Without a share, or without a gap, all count alike.
std::vector<double> gapWeights(const std::vector<double>& gaps, double share);
constexpr double kAllAlike = -1;

// What a unit's activations span: at `upper` and `lower` lie the percentiles p and 1 - p, rows
// counted with their weights.
struct Span {
  double lower;
  double upper;
};
// Of column `unit` of `units`.
Span weightedSpan(const std::vector<double>& activations, std::size_t units, std::size_t unit,
                  const std::vector<double>& weights, double p);

}  // namespace spiq
