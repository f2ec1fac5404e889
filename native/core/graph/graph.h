#pragma once

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "core/graph/accumulator.h"
#include "core/graph/add.h"
#include "core/graph/batch_norm.h"
#include "core/graph/conv.h"
#include "core/graph/dense.h"
#include "core/graph/flatten.h"
#include "core/graph/input.h"
#include "core/graph/neuron.h"
#include "core/graph/pool.h"
#include "core/graph/rearrange.h"
#include "core/graph/relu.h"
#include "core/graph/scale.h"

namespace spiq {

using NodeBody =
    std::variant<InputNode, DenseNode, ConvNode, ConvTransposeNode, PoolNode, BatchNormNode,
                 ScaleNode, ReluNode, FlattenNode, ReshapeNode, TransposeNode, SelectNode, PadNode,
                 ConcatNode, UpsampleNode, AddNode, NeuronNode, AccumulatorNode>;

struct Node {
  std::string name;
  NodeBody body;

  const char* kind() const;
  // How messages speak of the node: "dense node 'fc1'".
  std::string label() const;
  template <class Body>
  const Body* as() const {
    return std::get_if<Body>(&body);
  }
};

// A delay of d steps: `to` sees what `from` gave d steps ago, nothing in the first d steps. Delayed
// edges alone may close a cycle, and lead into add nodes only.
struct Edge {
  std::string from;
  std::string to;
  std::int64_t delay = 0;
};

constexpr std::int64_t kMaxDelay = 1000;

struct Graph {
  std::vector<Node> nodes;
  std::vector<Edge> edges;
  std::vector<std::string> outputs;
  double epsilon = kDefaultEpsilon;
};

// A graph in an order in which it can be computed, the input first, the one output among the rest.
struct Arrangement {
  struct Source {
    std::size_t place;  // in `places`
    std::int64_t delay;
  };
  struct Place {
    const Node* node;
    std::vector<Source> sources;  // in edge order
    Shape shape;                  // of what the node gives
  };
  std::vector<Place> places;
  std::size_t output = 0;

  std::int64_t inputSize() const;
  std::int64_t outputSize() const;
  bool isSpiking() const;
  bool isRecurrent() const;
  // Places that use what place `index` gives.
  std::vector<std::size_t> users(std::size_t index) const;
};

// Validates every node, the edges and the shapes. The arrangement points into `graph`, which must
// outlive it.
Result<Arrangement> arrange(const Graph& graph);

}  // namespace spiq
