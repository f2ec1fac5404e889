#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/graph/accumulator.h"
#include "core/graph/dense.h"
#include "core/graph/flatten.h"
#include "core/graph/input.h"
#include "core/graph/neuron.h"
#include "core/graph/relu.h"

namespace spiq {

using NodeBody =
    std::variant<InputNode, DenseNode, ReluNode, FlattenNode, NeuronNode, AccumulatorNode>;

struct Node {
  std::string name;
  NodeBody body;

  const char* kind() const;
  // How messages speak of the node: "dense node 'fc1'".
  std::string label() const;
};

struct Graph {
  std::vector<Node> nodes;
  std::vector<std::pair<std::string, std::string>> edges;
  std::vector<std::string> outputs;
  double epsilon = kDefaultEpsilon;
};

// A graph that is a single path from its input to its one output, in that order, with the shape
// that each node gives. (Branches are part of the description but of no plan yet.)
struct Chain {
  std::vector<const Node*> nodes;
  std::vector<Shape> shapes;

  std::int64_t inputSize() const;
  std::int64_t outputSize() const;
  bool isSpiking() const;
};

// Validates every node, the edges and the shapes. The chain points into `graph`, which must outlive
// it.
Result<Chain> asChain(const Graph& graph);

}  // namespace spiq
