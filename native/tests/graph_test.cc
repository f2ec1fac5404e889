#include "core/graph/graph.h"

#include <limits>

#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::dense;
using tests::floatNetwork;

static Status statusOf(const Graph& graph) {
  return asChain(graph).status();
}

static Status statusOfNeuron(const NeuronSpec& spec) {
  return NeuronNode{spec}.validate("n");
}

CASE("a chain comes out in the order of its edges, with shapes") {
  Graph graph = floatNetwork();
  std::swap(graph.nodes[0], graph.nodes[3]);
  std::swap(graph.nodes[1], graph.nodes[2]);
  const Result<Chain> chain = asChain(graph);
  EXPECT_STATUS(chain.status(), Code::Ok, "");
  std::vector<std::string> names;
  for (const Node* node : chain.value().nodes) names.push_back(node->name);
  EXPECT_EQUAL(names, (std::vector<std::string>{"x", "fc1", "relu", "fc2"}));
  EXPECT_EQUAL(chain.value().shapes[2], (Shape{3}));
  EXPECT_EQUAL(chain.value().inputSize(), 2);
  EXPECT_EQUAL(chain.value().outputSize(), 2);
  EXPECT_TRUE(!chain.value().isSpiking());
}

CASE("flatten joins dimensions; accumulators and neurons make a graph spiking") {
  Graph graph = chained({{"x", InputNode{{2, 3}}},
                         {"flat", FlattenNode{}},
                         {"fc", dense(1, 6, {1, 2, 3, 4, 5, 6})},
                         {"out", AccumulatorNode{}}});
  EXPECT_EQUAL(asChain(graph).value().shapes[1], (Shape{6}));
  EXPECT_TRUE(asChain(graph).value().isSpiking());
  graph.nodes[3].body = NeuronNode{};
  EXPECT_TRUE(asChain(graph).value().isSpiking());
}

CASE("names: empty, twice") {
  Graph graph = floatNetwork();
  graph.nodes[2].name = "";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "at least one character");
  graph.nodes[2].name = "fc1";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "'fc1' twice");
}

CASE("edges: unknown ends, branches, cycles") {
  Graph graph = floatNetwork();
  graph.edges[1].second = "nowhere";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "unknown 'nowhere'");
  graph = floatNetwork();
  graph.edges.emplace_back("x", "fc2");
  EXPECT_STATUS(statusOf(graph), Code::Unsupported, "without branches");
  graph = floatNetwork();
  graph.edges.push_back(graph.edges[0]);
  EXPECT_STATUS(statusOf(graph), Code::Unsupported, "a second edge");
  graph = floatNetwork();
  graph.edges.emplace_back("fc2", "x");
  EXPECT_STATUS(statusOf(graph), Code::Graph, "no cycle");
  graph.edges = {{"x", "x"}};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "no cycle");
}

CASE("nodes beside the path, inputs none or two, outputs wrong") {
  Graph graph = floatNetwork();
  graph.edges.pop_back();
  EXPECT_STATUS(statusOf(graph), Code::Graph, "1 beside it");
  graph = floatNetwork();
  graph.nodes.push_back({"y", InputNode{{1}}});
  EXPECT_STATUS(statusOf(graph), Code::Graph, "exactly one, received 2");
  EXPECT_STATUS(statusOf(Graph{}), Code::Graph, "exactly one, received 0");
  graph = floatNetwork();
  graph.outputs = {};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "received none");
  graph.outputs = {"fc1"};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "'fc2'");
  graph.outputs = {"fc2", "fc2"};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "and 1 more");
}

CASE("shapes: sizes below 1, too many elements, layers that do not fit") {
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{2, 0}}}})), Code::Shape, "[2, 0]");
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{-1}}}})), Code::Shape, "at least 1");
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{kMaxElements, 2}}}})), Code::Shape, "2^40");
  Graph graph = floatNetwork();
  graph.nodes[0].body = InputNode{{3}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "dense node 'fc1': expected [2], received [3]");
  graph.nodes[0].body = InputNode{{2, 1}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "received [2, 1]");
}

CASE("dense nodes: shape, number and finiteness of weights and biases") {
  Graph graph = floatNetwork();
  auto& node = std::get<DenseNode>(graph.nodes[1].body);
  const DenseNode sound = node;
  node.weight.shape = {6};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "[out, in]");
  node = sound;
  node.weight.data.pop_back();
  EXPECT_STATUS(statusOf(graph), Code::Shape, "6 values for shape [3, 2], received 5");
  node = sound;
  node.weight.data[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_STATUS(statusOf(graph), Code::NotFinite, "weight element 4");
  node = sound;
  node.bias = Tensor{{3}, {0, -std::numeric_limits<float>::infinity(), 0}};
  EXPECT_STATUS(statusOf(graph), Code::NotFinite, "bias element 1");
  node = sound;
  node.bias = Tensor{{2}, {0, 0}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "bias: expected [3], received [2]");
  node = sound;
  node.bias = Tensor{{3}, {0, 0, 0, 1}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "received 4");
}

CASE("epsilon from 0 to below 0.5") {
  Graph graph = floatNetwork();
  for (const double wrong : {-1e-9, 0.5, std::numeric_limits<double>::quiet_NaN()}) {
    graph.epsilon = wrong;
    EXPECT_STATUS(statusOf(graph), Code::Range, "epsilon");
  }
  graph.epsilon = 0;
  EXPECT_STATUS(statusOf(graph), Code::Ok, "");
}

CASE("neurons: every parameter's range") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const auto with = [](auto change) {
    NeuronSpec spec;
    change(spec);
    return statusOfNeuron(spec);
  };
  for (const double wrong : {0.0, -1.0, nan, infinity}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.threshold = wrong; }), Code::Range, "threshold");
  }
  for (const double wrong : {-0.1, 1.1, nan}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.alpha = wrong; }), Code::Range, "alpha");
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.beta = wrong; }), Code::Range, "beta");
    EXPECT_STATUS((AccumulatorNode{wrong, 1}.validate("a")), Code::Range, "alpha");
    EXPECT_STATUS((AccumulatorNode{0, wrong}.validate("a")), Code::Range, "beta");
  }
  for (const double wrong : {1.0, nan, -infinity}) {
    const auto change = [&](NeuronSpec& s) {
      s.reset = Reset::Value;
      s.resetValue = wrong;
    };
    EXPECT_STATUS(with(change), Code::Range, "resetValue");
  }
  EXPECT_STATUS(with([](NeuronSpec& s) { s.resetValue = 0.5; }), Code::Argument, "reset 'value'");
  for (const int wrong : {-1, NeuronNode::kMaxRefractory + 1}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.refractory = wrong; }), Code::Range, "refractory");
  }
  for (const int wrong : {0, kMaxBurst + 1}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.burst = wrong; }), Code::Range, "burst");
  }
  const auto ternaryZero = [](NeuronSpec& s) {
    s.ternary = true;
    s.reset = Reset::Zero;
  };
  EXPECT_STATUS(with(ternaryZero), Code::Unsupported, "ternary");
  EXPECT_STATUS(statusOfNeuron({}), Code::Ok, "");
}

}  // namespace spiq
