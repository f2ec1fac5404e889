#pragma once

#include <algorithm>
#include <vector>

#include "backend/backend.h"
#include "core/graph/dense.h"

namespace spiq {

// A dense node's weights laid out for the kernels.
template <class Real>
struct DenseData {
  std::int64_t inputs = 0;
  std::int64_t units = 0;
  std::int64_t padded = 0;
  std::vector<Real> weights;
  std::vector<Real> bias;

  DenseData(std::int64_t inputCount, std::int64_t unitCount)
      : inputs(inputCount),
        units(unitCount),
        padded((unitCount + kUnitPadding - 1) / kUnitPadding * kUnitPadding),
        weights(static_cast<std::size_t>(inputCount * padded), Real{0}),
        bias(static_cast<std::size_t>(padded), Real{0}) {}

  explicit DenseData(const DenseNode& node) : DenseData(node.inputs(), node.outputs()) {
    for (std::int64_t input = 0; input < inputs; ++input) setRow(input, node, input, Real{1});
    if (node.bias) std::copy(node.bias->data.begin(), node.bias->data.end(), bias.begin());
  }

  // Row `row` becomes the weights from the node's input `input`, times `sign`.
  void setRow(std::int64_t row, const DenseNode& node, std::int64_t input, Real sign) {
    for (std::int64_t unit = 0; unit < units; ++unit) {
      weights[row * padded + unit] =
          sign * static_cast<Real>(node.weight.data[unit * node.inputs() + input]);
    }
  }

  DenseView<Real> view() const { return {inputs, padded, weights.data(), bias.data()}; }
};

}  // namespace spiq
