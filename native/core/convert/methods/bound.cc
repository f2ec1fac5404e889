#include "core/convert/methods/bound.h"

#include <algorithm>

#include "core/graph/weighted.h"

namespace spiq {

namespace {

struct Interval {
  double low = 0;
  double high = 0;
};

Interval hull(const Interval& a, const Interval& b) {
  return {std::min(a.low, b.low), std::max(a.high, b.high)};
}

Interval affine(const Interval& in, double factor, double offset) {
  const double a = factor * in.low + offset;
  const double b = factor * in.high + offset;
  return {std::min(a, b), std::max(a, b)};
}

Interval affine(const Interval& in, const Tensor* factor, const Tensor* offset) {
  const std::size_t channels = factor != nullptr ? factor->data.size() : offset->data.size();
  Interval all;
  for (std::size_t c = 0; c < channels; ++c) {
    const Interval one = affine(in, factor != nullptr ? factor->data[c] : 1.0,
                                offset != nullptr ? offset->data[c] : 0.0);
    all = c == 0 ? one : hull(all, one);
  }
  return all;
}

const Tensor* given(const std::optional<Tensor>& tensor) {
  return tensor ? &*tensor : nullptr;
}

// Padding, and taps of a transposed convolution that fall between inputs, bring zeros.
template <class Body>
Interval weighted(const Body& body, const Interval& in) {
  const Interval taken = std::is_same_v<Body, DenseNode> ? in : hull(in, {});
  std::vector<Interval> sums(static_cast<std::size_t>(body.outputs()));
  for (std::size_t o = 0; body.bias && o < sums.size(); ++o)
    sums[o] = {body.bias->data[o], body.bias->data[o]};
  const Wiring wiring(body);
  for (std::size_t e = 0; e < body.weight.data.size(); ++e) {
    const Interval one = affine(taken, body.weight.data[e], 0);
    Interval& sum = sums[wiring.at(e).output];
    sum = {sum.low + one.low, sum.high + one.high};
  }
  Interval all = sums.front();
  for (const Interval& sum : sums) all = hull(all, sum);
  return all;
}

Interval rectified(const ReluNode& relu, const Interval& in) {
  Interval out{0, std::max(in.high, 0.0)};
  const double negative = std::min(in.low, 0.0);
  if (relu.slopes) {
    for (const float slope : relu.slopes->data) {
      const double value = slope * negative;
      out = hull(out, {value, value});
    }
  } else {
    out = hull(out, {relu.slope * negative, relu.slope * negative});
  }
  if (relu.cap) out.high = std::min(out.high, *relu.cap);
  return out;
}

Interval pooled(const PoolNode& pool, const Shape& in, const Interval& source) {
  if (pool.mode == PoolMode::Max) return source;
  if (pool.mode == PoolMode::Average) return pool.countPadding ? hull(source, {}) : source;
  double taps = 1;
  for (std::size_t d = 1; d < in.size(); ++d)
    taps *= static_cast<double>(pool.kernel.empty() ? in[d] : pool.kernel[d - 1]);
  return affine(hull(source, {}), taps, 0);
}

Interval intervalAt(const Arrangement& arrangement, std::size_t index,
                    const std::vector<Interval>& before, const InputRange& range) {
  const auto& place = arrangement.places[index];
  const Node& node = *place.node;
  if (const auto* input = node.as<InputNode>()) {
    const Interval in{range.low, range.high};
    return input->changesValues() ? affine(in, given(input->factor), given(input->offset)) : in;
  }
  const Interval source = before[place.sources.front().place];
  Interval out = source;
  if (withWeights(node, [&](const auto& body) { out = weighted(body, source); })) return out;
  if (const auto* scale = node.as<ScaleNode>())
    return affine(source, &scale->factor, given(scale->offset));
  if (const auto* relu = node.as<ReluNode>()) return rectified(*relu, source);
  if (const auto* pool = node.as<PoolNode>())
    return pooled(*pool, arrangement.places[place.sources.front().place].shape, source);
  if (node.as<PadNode>() != nullptr) return hull(source, {});
  for (std::size_t s = 1; s < place.sources.size(); ++s) {
    const Interval& other = before[place.sources[s].place];
    out = node.as<AddNode>() != nullptr ? Interval{out.low + other.low, out.high + other.high}
                                        : hull(out, other);
  }
  return out;
}

}  // namespace

Result<std::vector<Scales>> modelBound(const Graph& prepared, const InputRange& range) {
  const Result<Arrangement> arrangement = arrange(prepared);
  if (!arrangement.ok()) return arrangement.status();
  if (arrangement.value().isRecurrent()) {
    return mismatch(Code::Unsupported, "method 'model-bound'", "a network without delayed edges",
                    "one that has them: its activations have no bound");
  }
  std::vector<Interval> intervals;
  intervals.reserve(arrangement.value().places.size());
  for (std::size_t i = 0; i < arrangement.value().places.size(); ++i)
    intervals.push_back(intervalAt(arrangement.value(), i, intervals, range));
  std::vector<Scales> scales;
  for (const Site& site : sitesOf(arrangement.value())) {
    const Interval& interval = intervals[site.place];
    const double largest = std::max(interval.high, -interval.low);
    // A layer that can never be active has nothing to be scaled by.
    scales.push_back({largest > 0 ? cappedScale(site, largest) : 1.0});
  }
  return scales;
}

}  // namespace spiq
