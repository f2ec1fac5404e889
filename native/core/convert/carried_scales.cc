#include "core/convert/carried_scales.h"

#include <algorithm>

namespace spiq {

namespace {

using Scales = std::vector<double>;

bool isUniform(const Scales& scales) {
  return std::all_of(scales.begin(), scales.end(),
                     [&](double scale) { return scale == scales.front(); });
}

std::size_t blockOf(const Shape& shape) {
  std::size_t block = 1;
  for (std::size_t d = 1; d < shape.size(); ++d) block *= static_cast<std::size_t>(shape[d]);
  return block;
}

// Element e of the input becomes element e of the result.
std::optional<Scales> reshaped(const Carried& source, const Shape& shape) {
  const std::size_t before = blockOf(source.shape);
  const std::size_t after = blockOf(shape);
  Scales scales;
  for (std::size_t c = 0; c < static_cast<std::size_t>(shape[0]); ++c) {
    const std::size_t first = c * after / before;
    const std::size_t last = ((c + 1) * after - 1) / before;
    for (std::size_t i = first; i <= last; ++i) {
      if (source.scales[i] != source.scales[first]) return std::nullopt;
    }
    scales.push_back(source.scales[first]);
  }
  return scales;
}

std::optional<Scales> joined(const std::vector<Carried>& sources, std::int64_t axis) {
  Scales scales = sources.front().scales;
  for (std::size_t s = 1; s < sources.size(); ++s) {
    const Scales& other = sources[s].scales;
    if (axis == 0) {
      scales.insert(scales.end(), other.begin(), other.end());
    } else if (other != scales) {
      return std::nullopt;
    }
  }
  return scales;
}

std::optional<Scales> transposed(const Carried& source, const TransposeNode& node,
                                 const Shape& shape) {
  if (node.axes.front() == 0) return source.scales;
  if (!isUniform(source.scales)) return std::nullopt;
  return Scales(static_cast<std::size_t>(shape[0]), source.scales.front());
}

Scales selected(const Carried& source, const SelectNode& node) {
  if (node.axis != 0) return source.scales;
  Scales scales;
  for (const std::int64_t index : node.indices)
    scales.push_back(source.scales[static_cast<std::size_t>(index)]);
  return scales;
}

Scales padded(const Carried& source, const PadNode& node) {
  Scales scales(static_cast<std::size_t>(node.padding.front()), 1.0);
  scales.insert(scales.end(), source.scales.begin(), source.scales.end());
  scales.resize(scales.size() + static_cast<std::size_t>(node.padding[source.shape.size()]), 1.0);
  return scales;
}

}  // namespace

std::optional<Scales> carriedBehind(const Node& node, const std::vector<Carried>& sources,
                                    const Shape& shape) {
  const Carried& source = sources.front();
  if (const auto* concat = node.as<ConcatNode>()) return joined(sources, concat->axis);
  if (const auto* transpose = node.as<TransposeNode>())
    return transposed(source, *transpose, shape);
  if (const auto* select = node.as<SelectNode>()) return selected(source, *select);
  if (const auto* pad = node.as<PadNode>()) return padded(source, *pad);
  if (node.as<FlattenNode>() != nullptr || node.as<ReshapeNode>() != nullptr)
    return reshaped(source, shape);
  return source.scales;
}

bool passesChannels(const Node& node, const Shape& in) {
  if (node.as<AddNode>() != nullptr || node.as<PoolNode>() != nullptr ||
      node.as<UpsampleNode>() != nullptr)
    return true;
  if (const auto* pad = node.as<PadNode>())
    return pad->padding.front() == 0 && pad->padding[in.size()] == 0;
  return false;
}

}  // namespace spiq
