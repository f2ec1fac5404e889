#include "core/convert/activations.h"

#include <algorithm>

#include "backend/registry.h"

namespace spiq {

Result<LayerMaxima> layerMaxima(const Graph& graph, View<const double> observations,
                                std::size_t rows, Control& control) {
  // In double: the statistics then owe nothing to the order of sums.
  const auto backend = findBackend<double>("cpu", "auto");
  if (!backend.ok()) return backend.status();
  const auto plan = FloatPass<double>::compile(graph, *backend.value());
  if (!plan.ok()) return plan.status();

  LayerMaxima maxima{rows, plan.value().layers(), {}};
  maxima.values.resize(maxima.rows * maxima.layers);
  const auto observe = [&maxima](std::size_t row, std::size_t layer, View<const double> values) {
    maxima.values[row * maxima.layers + layer] =
        *std::max_element(values.data, values.data + values.size);
  };
  if (Status status = plan.value().run(observations, rows, nullptr, observe, control); !status.ok())
    return status;
  return maxima;
}

}  // namespace spiq
