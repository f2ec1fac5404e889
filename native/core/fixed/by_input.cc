#include "core/fixed/by_input.h"

namespace spiq {

namespace {

ByInput<double> fromDense(const ChipLayerSpec& layer, std::size_t inputs) {
  ByInput<double> sorted;
  sorted.starts.reserve(inputs + 1);
  for (std::size_t i = 0; i < inputs; ++i) {
    sorted.starts.push_back(sorted.to.size());
    for (std::size_t u = 0; u < layer.units; ++u) {
      const double weight = layer.dense[u * inputs + i];
      if (weight == 0) continue;
      sorted.to.push_back(static_cast<std::uint32_t>(u));
      sorted.weights.push_back(weight);
    }
  }
  sorted.starts.push_back(sorted.to.size());
  return sorted;
}

ByInput<double> fromList(const ConnectionList& list, std::size_t inputs) {
  ByInput<double> sorted;
  sorted.starts.assign(inputs + 1, 0);
  for (std::size_t c = 0; c < list.pre.size(); ++c)
    if (list.weights[c] != 0) ++sorted.starts[list.pre[c] + 1];
  for (std::size_t i = 0; i < inputs; ++i) sorted.starts[i + 1] += sorted.starts[i];
  sorted.to.resize(sorted.starts.back());
  sorted.weights.resize(sorted.starts.back());
  std::vector<std::size_t> next(sorted.starts.begin(), sorted.starts.end() - 1);
  for (std::size_t c = 0; c < list.pre.size(); ++c) {
    if (list.weights[c] == 0) continue;
    const std::size_t place = next[list.pre[c]]++;
    sorted.to[place] = list.post[c];
    sorted.weights[place] = list.weights[c];
  }
  return sorted;
}

}  // namespace

ByInput<double> byInput(const ChipLayerSpec& layer, std::size_t inputs) {
  return layer.list ? fromList(*layer.list, inputs) : fromDense(layer, inputs);
}

}  // namespace spiq
