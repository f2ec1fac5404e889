#include "core/plan/linear_data.h"

#include <algorithm>
#include <numeric>

#include "core/plan/taps.h"

namespace spiq {

namespace {

std::int64_t product(const Sizes& sizes) {
  std::int64_t count = 1;
  for (const std::int64_t size : sizes) count *= size;
  return count;
}

// Validated with the graph.
Sizes kernelOf(const Tensor& weight) {
  return {weight.shape.begin() + 2, weight.shape.end()};
}

}  // namespace

template <class Real>
LinearData<Real>::LinearData(Layout in, Layout out, std::int64_t taps,
                             const std::optional<Tensor>& bias, std::int64_t groups)
    : in_(in),
      out_(out),
      taps_(taps),
      groups_(groups),
      channelFanOut_(out.channels / groups),
      bias_(
          static_cast<std::size_t>(std::max(kTileUnits / out.stride, std::int64_t{1}) * out.stride),
          Real{0}),
      zeros_(static_cast<std::size_t>(in.stride), Real{0}),
      alone_(groups > 1 && groups == in.channels && groups == out.channels) {
  setRanges(groups);
  for (std::size_t channel = 0; bias && channel < bias->data.size(); ++channel)
    bias_[channel] = static_cast<Real>(bias->data[channel]);
  repeatBias();
}

template <class Real>
void LinearData<Real>::setRanges(std::int64_t groups) {
  const std::int64_t eachIn = in_.channels / groups;
  const std::int64_t eachOut = out_.channels / groups;
  std::int64_t weights = 0;
  for (std::int64_t unit = 0; unit < out_.stride; unit += kTileUnits) {
    const std::int64_t width = std::min(kTileUnits, out_.stride - unit);
    const std::int64_t last = std::min(unit + width, out_.channels) - 1;
    const ChannelRange range{unit / eachOut * eachIn, (last / eachOut + 1) * eachIn, weights};
    ranges_.push_back(range);
    partial_ |= range.count() < in_.channels;
    weights += taps_ * (alone_ ? 1 : range.count()) * width;
  }
  weights_.assign(static_cast<std::size_t>(weights), Real{0});
}

template <class Real>
void LinearData<Real>::setSources(std::vector<std::int32_t> sources) {
  sources_ = std::move(sources);
  const auto columns = static_cast<std::int32_t>(in_.columns);
  reach_.resize(static_cast<std::size_t>(out_.positions));
  for (std::size_t i = 0; i < sources_.size(); ++i) {
    if (sources_[i] < 0) continue;
    LineRange& reach = reach_[i / static_cast<std::size_t>(taps_)];
    const std::int32_t line = sources_[i] / columns;
    reach.first = reach.last == 0 ? line : std::min(reach.first, line);
    reach.last = std::max(reach.last, line + 1);
  }
  for (std::int64_t position = 0; position < out_.positions; ++position) {
    const std::int32_t* from = this->sources(position);
    whole_.push_back(
        std::all_of(from, from + taps_, [](std::int32_t source) { return source >= 0; }));
  }
  setDistances();
}

template <class Real>
void LinearData<Real>::tightenInput() {
  in_.stride = in_.channels;
  setDistances();
}

template <class Real>
void LinearData<Real>::setDistances() {
  distances_.clear();
  if (partial_ || alone_) return;
  std::vector<std::int32_t> apart;
  for (std::int64_t position = 0; position < out_.positions; ++position) {
    if (!whole(position)) continue;
    std::vector<std::int32_t> here(sources(position), sources(position) + taps_);
    const std::int32_t first = here.front();
    for (std::int32_t& source : here) source -= first;
    if (apart.empty()) apart = here;
    if (apart != here) return;
  }
  for (const std::int32_t positions : apart) {
    for (std::int64_t channel = 0; channel < in_.channels; ++channel)
      distances_.push_back(static_cast<std::int32_t>(positions * in_.stride + channel));
  }
}

template <class Real>
std::size_t LinearData<Real>::at(std::int64_t out, std::int64_t tap, std::int64_t channel) const {
  const std::int64_t tile = out / kTileUnits;
  const ChannelRange& range = ranges_[static_cast<std::size_t>(tile)];
  const std::int64_t row = alone_ ? tap : tap * range.count() + channel - range.first;
  return static_cast<std::size_t>(range.weights + row * view().tileWidth(tile) + out % kTileUnits);
}

template <class Real>
void LinearData<Real>::setWeights(const Tensor& tensor) {
  const float* weight = tensor.data.data();
  eachWeight([&](std::size_t place) { weights_[place] = static_cast<Real>(*weight++); });
}

// Of narrow layers several positions go through a tile together.
template <class Real>
void LinearData<Real>::repeatBias() {
  const auto stride = static_cast<std::size_t>(out_.stride);
  for (std::size_t unit = stride; unit < bias_.size(); ++unit) bias_[unit] = bias_[unit - stride];
}

template <class Real>
LinearData<Real>::LinearData(const DenseNode& node)
    : LinearData(Layout(1, node.inputs()), Layout(1, node.outputs()), 1, node.bias, 1) {
  setSources({0});
  setWeights(node.weight);
}

template <class Real>
LinearData<Real>::LinearData(const ConvNode& node, const Shape& in, const Shape& out)
    : LinearData(Layout(in), Layout(out), product(kernelOf(node.weight)), node.bias, node.groups) {
  setSources(slidingTaps(node.window("conv").value(), in, out));
  setWeights(node.weight);
}

template <class Real>
LinearData<Real>::LinearData(const ConvTransposeNode& node, const Shape& in, const Shape& out)
    : LinearData(Layout(in), Layout(out), product(kernelOf(node.weight)), node.bias, node.groups) {
  // NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer): the constructor delegates.
  spreads_ = true;
  setSources(spreadingTaps(node.window("conv_transpose").value(), in, out));
  setWeights(node.weight);
}

template <class Real>
LinearData<Real>::LinearData(const ScaleNode& node, const Shape& shape)
    : LinearData(Layout(shape), Layout(shape), 1, node.offset, shape[0]) {
  // NOLINTNEXTLINE(cppcoreguidelines-prefer-member-initializer): the constructor delegates.
  scales_ = true;
  std::vector<std::int32_t> sources(static_cast<std::size_t>(in_.positions));
  std::iota(sources.begin(), sources.end(), 0);
  setSources(std::move(sources));
  setWeights(node.factor);
}

template class LinearData<float>;
template class LinearData<double>;

}  // namespace spiq
