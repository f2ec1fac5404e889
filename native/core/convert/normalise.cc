#include "core/convert/normalise.h"

#include <algorithm>
#include <limits>

namespace spiq {

namespace {

double largestParameter(const DenseNode& dense) {
  double largest = *std::max_element(dense.weight.data.begin(), dense.weight.data.end());
  if (dense.bias) {
    largest = std::max<double>(largest,
                               *std::max_element(dense.bias->data.begin(), dense.bias->data.end()));
  }
  return largest;
}

double largestPositiveSum(const DenseNode& dense) {
  double largest = -std::numeric_limits<double>::infinity();
  for (std::int64_t unit = 0; unit < dense.outputs(); ++unit) {
    double sum = dense.bias ? std::max(dense.bias->data[unit], 0.0F) : 0.0;
    for (std::int64_t input = 0; input < dense.inputs(); ++input) {
      sum += std::max(dense.weight.data[unit * dense.inputs() + input], 0.0F);
    }
    largest = std::max(largest, sum);
  }
  return largest;
}

// scale(dense, index) of each dense node along the chain, refused where it is not positive.
template <class Scale>
Result<std::vector<double>> scalesBy(const Graph& graph, const Scale& scale) {
  const Result<Chain> chain = asChain(graph);
  if (!chain.ok()) return chain.status();
  std::vector<double> scales;
  for (const Node* node : chain.value().nodes) {
    const auto* dense = std::get_if<DenseNode>(&node->body);
    if (dense == nullptr) continue;
    const double value = scale(*dense, scales.size());
    if (!(value > 0)) {
      return mismatch(Code::Range, "scale of " + node->label(),
                      "a number above 0 (some weight, bias or activation must be positive)",
                      showNumber(value));
    }
    scales.push_back(value);
  }
  return scales;
}

}  // namespace

Result<std::vector<double>> percentileScales(const Graph& graph, const LayerMaxima& maxima,
                                             double percentile) {
  if (!(percentile > 0 && percentile <= 1)) {
    return mismatch(Code::Range, "percentile", "a number above 0 and at most 1",
                    showNumber(percentile));
  }
  if (maxima.rows == 0) return mismatch(Code::Shape, "calibration rows", "at least one", "none");
  const auto index = static_cast<std::ptrdiff_t>(percentile * static_cast<double>(maxima.rows - 1));
  return scalesBy(graph, [&](const DenseNode& dense, std::size_t layer) {
    std::vector<double> column(maxima.rows);
    for (std::size_t row = 0; row < maxima.rows; ++row)
      column[row] = maxima.values[row * maxima.layers + layer];
    std::nth_element(column.begin(), column.begin() + index, column.end());
    return std::max(largestParameter(dense), column[static_cast<std::size_t>(index)]);
  });
}

Result<std::vector<double>> modelScales(const Graph& graph) {
  return scalesBy(graph, [](const DenseNode& dense, std::size_t /*layer*/) {
    return std::max(largestParameter(dense), largestPositiveSum(dense));
  });
}

Graph normalise(const Graph& graph, const std::vector<double>& scales) {
  Graph scaled = graph;
  const auto multiply = [](Tensor& tensor, double factor) {
    for (float& value : tensor.data)
      value = static_cast<float>(static_cast<double>(value) * factor);
  };
  const Chain chain = asChain(scaled).take();
  double previous = 1.0;
  std::size_t layer = 0;
  for (const Node* node : chain.nodes) {
    if (!std::holds_alternative<DenseNode>(node->body)) continue;
    auto& dense = std::get<DenseNode>(
        scaled.nodes[static_cast<std::size_t>(node - scaled.nodes.data())].body);
    multiply(dense.weight, previous / scales[layer]);
    if (dense.bias) multiply(*dense.bias, 1.0 / scales[layer]);
    previous = scales[layer++];
  }
  return scaled;
}

}  // namespace spiq
