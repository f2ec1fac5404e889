#include "core/frames/axis_weights.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>

namespace spiq {

namespace {

template <class Real>
using Taps = std::map<std::size_t, Real>;

template <class Real>
AxisWeights<Real> packed(std::size_t from, const std::vector<Taps<Real>>& rows) {
  AxisWeights<Real> axis;
  axis.from = from;
  axis.to = rows.size();
  for (const Taps<Real>& row : rows)
    axis.taps = std::max(axis.taps, row.rbegin()->first - row.begin()->first + 1);
  axis.weights.assign(axis.to * axis.taps, 0);
  for (std::size_t o = 0; o < axis.to; ++o) {
    const std::size_t start = std::min(rows[o].begin()->first, from - axis.taps);
    axis.starts.push_back(start);
    for (const auto& [index, weight] : rows[o])
      axis.weights[o * axis.taps + index - start] = weight;
  }
  return axis;
}

// 3 2 1 | 0 1 2 3 | 2 1 0
std::size_t mirrored(std::int64_t index, std::size_t size) {
  if (size == 1) return 0;
  const auto period = static_cast<std::int64_t>(2 * (size - 1));
  const std::int64_t within = std::abs(index) % period;
  return static_cast<std::size_t>(std::min(within, period - within));
}

std::vector<double> gaussian(double sigma) {
  if (sigma <= 0) return {1};
  const auto radius = static_cast<int>(std::floor(4 * sigma + 0.5));
  std::vector<double> weights;
  double sum = 0;
  for (int x = -radius; x <= radius; ++x) {
    weights.push_back(std::exp(-0.5 / (sigma * sigma) * (x * x)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

AxisWeights<double> antialiasedAxis(std::size_t from, std::size_t to) {
  const double factor = static_cast<double>(from) / static_cast<double>(to);
  const std::vector<double> blur = gaussian((factor - 1) / 2);
  const auto radius = static_cast<std::int64_t>(blur.size() / 2);
  std::vector<Taps<double>> rows(to);
  for (std::size_t o = 0; o < to; ++o) {
    const double place = factor * (static_cast<double>(o) + 0.5) - 0.5;
    const double below = std::floor(place);
    const auto left = static_cast<std::int64_t>(below);
    const double share = place - below;
    const auto add = [&](std::int64_t at, double weight) {
      const auto centre = static_cast<std::int64_t>(mirrored(at, from));
      for (std::int64_t k = -radius; k <= radius; ++k)
        rows[o][mirrored(centre + k, from)] += weight * blur[static_cast<std::size_t>(k + radius)];
    };
    add(left, 1 - share);
    if (share > 0) add(left + 1, share);
  }
  return packed(from, rows);
}

AxisWeights<double> luminanceAxis(std::size_t from, std::size_t to) {
  AxisWeights<double> axis = antialiasedAxis(from, to);
  for (double& weight : axis.weights) weight *= 1e-4;
  return axis;
}

AxisWeights<float> areaAxis(std::size_t from, std::size_t to) {
  constexpr double kNoShare = 1e-3;  // OpenCV leaves out what covers less
  const double scale = 1 / (static_cast<double>(to) / static_cast<double>(from));
  std::vector<Taps<float>> rows(to);
  for (std::size_t o = 0; o < to; ++o) {
    const double begin = static_cast<double>(o) * scale;
    const double end = begin + scale;
    const double width = std::min(scale, static_cast<double>(from) - begin);
    const auto last = std::min(static_cast<std::size_t>(std::floor(end)), from - 1);
    const auto first = std::min(static_cast<std::size_t>(std::ceil(begin)), last);
    const double before = static_cast<double>(first) - begin;
    const double behind = end - static_cast<double>(last);
    if (before > kNoShare) rows[o][first - 1] = static_cast<float>(before / width);
    for (std::size_t s = first; s < last; ++s) rows[o][s] = static_cast<float>(1 / width);
    if (behind > kNoShare)
      rows[o][last] = static_cast<float>(std::min({behind, 1.0, width}) / width);
  }
  return packed(from, rows);
}

}  // namespace spiq
