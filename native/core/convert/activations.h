#pragma once

#include <vector>

#include "core/sim/float_pass.h"

namespace spiq {

// For each row of observations and each weighted layer, the largest of the layer's outputs (after
// its ReLU).
struct LayerMaxima {
  std::size_t rows = 0;
  std::size_t layers = 0;
  std::vector<double> values;  // [rows][layers]
};

Result<LayerMaxima> layerMaxima(const Graph& graph, View<const double> observations,
                                std::size_t rows, Control& control);

}  // namespace spiq
