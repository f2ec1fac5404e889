#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "core/graph/graph.h"

namespace spiq::tests {

inline DenseNode dense(std::int64_t out, std::int64_t in, std::vector<float> weights,
                       std::vector<float> bias = {}) {
  DenseNode node{{{out, in}, std::move(weights)}, {}};
  if (!bias.empty()) node.bias = Tensor{{out}, std::move(bias)};
  return node;
}

// What is there, or a tensor that equals none.
inline const Tensor& given(const std::optional<Tensor>& tensor) {
  static const Tensor none;
  return tensor ? *tensor : none;
}

inline Tensor tensor(Shape shape, std::vector<float> data) {
  return {std::move(shape), std::move(data)};
}

// Counts up from `first` by `step`.
inline Tensor ramp(const Shape& shape, float first, float step) {
  Tensor made{shape, {}};
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  for (std::int64_t i = 0; i < count; ++i)
    made.data.push_back(first + step * static_cast<float>(i));
  return made;
}

inline ConvNode conv(Tensor weight, std::vector<float> bias = {}) {
  ConvNode node;
  node.weight = std::move(weight);
  if (!bias.empty()) node.bias = Tensor{{node.outputs()}, std::move(bias)};
  return node;
}

// The nodes one behind the other; the last is the output.
inline Graph chained(std::vector<Node> nodes) {
  Graph graph;
  graph.nodes = std::move(nodes);
  for (std::size_t i = 1; i < graph.nodes.size(); ++i) {
    graph.edges.push_back({graph.nodes[i - 1].name, graph.nodes[i].name});
  }
  graph.outputs = {graph.nodes.back().name};
  return graph;
}

// 2 inputs, a hidden layer of 3 with ReLU, 2 outputs.
inline Graph floatNetwork() {
  return chained({{"x", InputNode{{2}}},
                  {"fc1", dense(3, 2, {1, -2, 0.5F, 0.25F, -1, 3}, {0.5F, 0, -0.25F})},
                  {"relu", ReluNode{}},
                  {"fc2", dense(2, 3, {1, 2, -1, 0.5F, -4, 1})}});
}

}  // namespace spiq::tests
