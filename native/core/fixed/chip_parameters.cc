#include "core/fixed/chip_parameters.h"

#include <algorithm>
#include <functional>

namespace spiq {

namespace {

Status checkSize(const std::string& what, std::size_t expected, std::size_t received) {
  if (expected == received) return {};
  return mismatch(Code::Shape, what, std::to_string(expected) + " values",
                  std::to_string(received));
}

Status checkReals(const std::vector<double>& values, const std::string& what) {
  return checkFinite<double>({values.data(), values.size()}, what);
}

Status checkBelow(const std::vector<std::uint32_t>& indices, std::size_t limit,
                  const std::string& what) {
  const auto above =
      std::find_if(indices.begin(), indices.end(), [&](auto index) { return index >= limit; });
  if (above == indices.end()) return {};
  return mismatch(Code::Range, what, "numbers below " + std::to_string(limit),
                  std::to_string(*above));
}

Status checkWeights(const ChipLayerSpec& layer, std::size_t inputs, const std::string& what) {
  if (!layer.list) {
    if (Status status = checkSize(what + ", weights", layer.units * inputs, layer.dense.size());
        !status.ok())
      return status;
    return checkReals(layer.dense, what + ", weights");
  }
  const ConnectionList& list = *layer.list;
  const std::size_t size = list.pre.size();
  for (const std::size_t other : {list.post.size(), list.weights.size()}) {
    if (Status status = checkSize(what + ", 'post' and 'value'", size, other); !status.ok())
      return status;
  }
  if (Status status = checkBelow(list.pre, inputs, what + ", 'pre'"); !status.ok()) return status;
  if (Status status = checkBelow(list.post, layer.units, what + ", 'post'"); !status.ok())
    return status;
  return checkReals(list.weights, what + ", weights");
}

Status checkLayer(const ChipLayerSpec& layer, std::size_t inputs, const std::string& what) {
  if (layer.units == 0) return mismatch(Code::Shape, what + ", units", "at least 1", "0");
  if (Status status = checkWeights(layer, inputs, what); !status.ok()) return status;
  std::vector<std::pair<const std::vector<double>*, std::string>> each{
      {&layer.thresholds, ", thresholds"}};
  if (!layer.bias.empty()) each.emplace_back(&layer.bias, ", bias");
  if (layer.initial) each.emplace_back(&*layer.initial, ", initial");
  for (const auto& [values, name] : each) {
    if (Status status = checkSize(what + name, layer.units, values->size()); !status.ok())
      return status;
    if (Status status = checkReals(*values, what + name); !status.ok()) return status;
  }
  return {};
}

// One number for each unit, out of a function of its index.
Status fill(std::vector<S1615>& target, const std::string& what, double least,
            const std::function<double(std::size_t)>& valueOf) {
  for (std::size_t u = 0; u < target.size(); ++u) {
    const double value = valueOf(u);
    const std::optional<S1615> fixed = toS1615(value);
    if (!fixed || fromS1615(*fixed) < least) {
      return mismatch(Code::Range, what + " of unit " + std::to_string(u),
                      "a number from " + showNumber(least) + " to below " + showNumber(kEndS1615),
                      showNumber(value));
    }
    target[u] = *fixed;
  }
  return {};
}

// Layer l sees its first spikes in step l, and its bias from the first step on: it starts at
// -l*bias, as far as the range and the threshold, at which it would fire, let it.
void align(ChipLayer& chip, std::size_t layer) {
  for (std::size_t u = 0; u < chip.units; ++u) {
    const std::int64_t wanted = -static_cast<std::int64_t>(layer) * chip.offsets[u];
    const std::int64_t most = chip.fires ? chip.thresholds[u] - 1 : INT32_MAX;
    const std::int64_t start = std::clamp<std::int64_t>(wanted, INT32_MIN, most);
    chip.unaligned += start != wanted ? 1 : 0;
    chip.start[u] = static_cast<S1615>(start);
  }
}

}  // namespace

std::string chipLayerName(std::size_t layer) {
  return "layer " + std::to_string(layer);
}

Status checkChip(const ChipSpec& spec) {
  if (spec.inputs == 0 || spec.layers.empty())
    return mismatch(Code::Shape, "network", "at least one input and one layer", "none");
  std::size_t inputs = spec.inputs;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    const ChipLayerSpec& layer = spec.layers[l];
    if (Status status = checkLayer(layer, inputs, chipLayerName(l)); !status.ok()) return status;
    if (!layer.fires && l + 1 < spec.layers.size()) {
      return mismatch(Code::Unsupported, chipLayerName(l), "one that fires, before another layer",
                      "one that does not");
    }
    inputs = layer.units;
  }
  return {};
}

Result<ChipLayer> chipParameters(const ChipLayerSpec& spec, std::size_t layer) {
  const std::string what = chipLayerName(layer);
  ChipLayer chip;
  chip.units = spec.units;
  chip.fires = spec.fires;
  for (auto* each : {&chip.offsets, &chip.thresholds, &chip.start}) each->resize(spec.units);
  const auto biasOf = [&](std::size_t u) { return spec.bias.empty() ? 0.0 : spec.bias[u]; };
  if (layer > 0) {
    Status status = fill(chip.offsets, what + ", bias", kLeastS1615, biasOf);
    if (!status.ok()) return status;
  }
  if (spec.fires) {
    Status status = fill(chip.thresholds, what + ", threshold", 1 / kS1615Steps,
                         [&](std::size_t u) { return spec.thresholds[u]; });
    if (!status.ok()) return status;
  }
  if (!spec.initial) {
    align(chip, layer);
    return chip;
  }
  Status status = fill(chip.start, what + ", initial", kLeastS1615,
                       [&](std::size_t u) { return (*spec.initial)[u]; });
  if (!status.ok()) return status;
  for (std::size_t u = 0; u < spec.units; ++u) {
    const std::int64_t wanted = -static_cast<std::int64_t>(layer) * chip.offsets[u];
    chip.unaligned += chip.start[u] != wanted ? 1 : 0;
  }
  return chip;
}

}  // namespace spiq
