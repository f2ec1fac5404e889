#include "core/convert/refine/row_weights.h"

#include <algorithm>
#include <numeric>

namespace spiq {

std::vector<double> outputGaps(const std::vector<double>& outputs, std::size_t width) {
  if (width < 2) return {};
  std::vector<double> gaps;
  for (std::size_t at = 0; at < outputs.size(); at += width) {
    std::vector<double> row(&outputs[at], &outputs[at] + width);
    std::partial_sort(row.begin(), row.begin() + 2, row.end(), std::greater<>());
    gaps.push_back(row[0] - row[1]);
  }
  return gaps;
}

double median(std::vector<double> values) {
  if (values.empty()) return 0;
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle),
                   values.end());
  return values[middle];
}

std::vector<double> gapWeights(const std::vector<double>& gaps, double share) {
  const double least = share * median(gaps);
  std::vector<double> weights(gaps.size(), 1.0);
  if (!(least > 0)) return weights;
  for (std::size_t row = 0; row < gaps.size(); ++row)
    weights[row] = 1.0 / (gaps[row] * gaps[row] + least * least);
  return weights;
}

Span weightedSpan(const std::vector<double>& activations, std::size_t units, std::size_t unit,
                  const std::vector<double>& weights, double p) {
  std::vector<std::size_t> order(weights.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  const auto value = [&](std::size_t row) { return activations[row * units + unit]; };
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return value(a) < value(b) || (value(a) == value(b) && a < b);
  });
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  Span span{value(order.front()), value(order.back())};
  double below = 0;
  bool lowerFound = false;
  for (const std::size_t row : order) {
    below += weights[row];
    if (!lowerFound && below >= (1 - p) * total) {
      span.lower = value(row);
      lowerFound = true;
    }
    if (below < p * total) continue;
    span.upper = value(row);
    break;
  }
  return span;
}

}  // namespace spiq
