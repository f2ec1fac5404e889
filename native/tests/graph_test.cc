#include "core/graph/graph.h"

#include <algorithm>
#include <limits>

#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::dense;
using tests::floatNetwork;

static Status statusOf(const Graph& graph) {
  return arrange(graph).status();
}

// x leads into a, b and the sum of (b, a, x), which leads into the output.
static Graph branched() {
  Graph graph;
  graph.nodes = {{"x", InputNode{{2}}},
                 {"a", ReluNode{}},
                 {"b", ReluNode{}},
                 {"sum", AddNode{}},
                 {"last", dense(2, 2, {1, 0, 0, 1})}};
  graph.edges = {{"x", "a"}, {"x", "b"}, {"b", "sum"}, {"a", "sum"}, {"x", "sum"}, {"sum", "last"}};
  graph.outputs = {"last"};
  return graph;
}

static std::vector<std::string> orderOf(const Graph& graph) {
  std::vector<std::string> names;
  const Arrangement arrangement = arrange(graph).take();
  names.reserve(arrangement.places.size());
  for (const auto& place : arrangement.places) names.push_back(place.node->name);
  return names;
}

CASE("a chain comes out in the order of its edges, with shapes") {
  Graph graph = floatNetwork();
  std::swap(graph.nodes[0], graph.nodes[3]);
  std::swap(graph.nodes[1], graph.nodes[2]);
  const Result<Arrangement> arrangement = arrange(graph);
  EXPECT_STATUS(arrangement.status(), Code::Ok, "");
  EXPECT_EQUAL(orderOf(graph), (std::vector<std::string>{"x", "fc1", "relu", "fc2"}));
  EXPECT_EQUAL(arrangement.value().places[2].shape, (Shape{3}));
  EXPECT_EQUAL(arrangement.value().output, std::size_t{3});
  EXPECT_EQUAL(arrangement.value().inputSize(), 2);
  EXPECT_EQUAL(arrangement.value().outputSize(), 2);
  EXPECT_TRUE(!arrangement.value().isSpiking());
  EXPECT_TRUE(!arrangement.value().isRecurrent());
}

CASE("accumulators and neurons make a graph spiking") {
  Graph graph = floatNetwork();
  graph.nodes[2].body = NeuronNode{};
  EXPECT_TRUE(arrange(graph).value().isSpiking());
  graph.nodes[2].body = AccumulatorNode{};
  EXPECT_TRUE(arrange(graph).value().isSpiking());
}

CASE("names: empty, twice") {
  Graph graph = floatNetwork();
  graph.nodes[2].name = "";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "at least one character");
  graph.nodes[2].name = "fc1";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "'fc1' twice");
}

CASE("edges: unknown ends, too many, none, twice, cycles") {
  Graph graph = floatNetwork();
  graph.edges[1].to = "nowhere";
  EXPECT_STATUS(statusOf(graph), Code::Graph, "unknown 'nowhere'");
  graph = floatNetwork();
  graph.edges.push_back({"x", "fc2"});
  EXPECT_STATUS(statusOf(graph), Code::Graph,
                "dense node 'fc2': expected exactly one edge into it, received 2");
  graph = floatNetwork();
  graph.edges.push_back(graph.edges[0]);
  EXPECT_STATUS(statusOf(graph), Code::Graph, "a second one");
  graph = floatNetwork();
  graph.edges.push_back({"fc2", "x"});
  EXPECT_STATUS(statusOf(graph), Code::Graph, "input node 'x': expected no edge into it");
  graph = branched();
  graph.edges.push_back({"last", "sum"});
  EXPECT_STATUS(statusOf(graph), Code::Graph, "no cycle without a delay");
  graph.edges = {{"x", "a"}, {"a", "b"}};
  EXPECT_STATUS(statusOf(graph), Code::Graph,
                "add node 'sum': expected at least one edge into it, received 0");
}

CASE("branches: sources in the order of edges, the first node listed first") {
  const Graph straight = branched();
  const Arrangement arrangement = arrange(straight).take();
  EXPECT_EQUAL(orderOf(straight), (std::vector<std::string>{"x", "a", "b", "sum", "last"}));
  Graph graph = straight;
  std::swap(graph.nodes[1], graph.nodes[2]);
  EXPECT_EQUAL(orderOf(graph), (std::vector<std::string>{"x", "b", "a", "sum", "last"}));
  std::rotate(graph.nodes.begin(), graph.nodes.begin() + 1, graph.nodes.end());
  EXPECT_EQUAL(orderOf(graph), (std::vector<std::string>{"x", "b", "a", "sum", "last"}));
  const auto& sources = arrangement.places[3].sources;
  EXPECT_EQUAL(sources.size(), std::size_t{3});
  EXPECT_EQUAL(sources[0].place, std::size_t{2});
  EXPECT_EQUAL(sources[1].place, std::size_t{1});
  EXPECT_EQUAL(sources[2].place, std::size_t{0});
  EXPECT_EQUAL(arrangement.users(0), (std::vector<std::size_t>{1, 2, 3}));
}

CASE("delays: they may close a cycle, at add nodes, from 0 to 1000 steps, with one shape") {
  Graph graph = branched();
  graph.edges.push_back({"last", "sum", 1});
  const Result<Arrangement> recurrent = arrange(graph);
  EXPECT_STATUS(recurrent.status(), Code::Ok, "");
  EXPECT_TRUE(recurrent.value().isRecurrent());
  EXPECT_EQUAL(recurrent.value().places[3].sources[3].place, std::size_t{4});
  EXPECT_EQUAL(recurrent.value().places[3].sources[3].delay, 1);
  for (const std::int64_t wrong : {std::int64_t{-1}, kMaxDelay + 1}) {
    graph.edges.back().delay = wrong;
    EXPECT_STATUS(statusOf(graph), Code::Range, "delay: expected 0 to 1000 steps");
  }
  graph.edges.back().delay = kMaxDelay;
  EXPECT_STATUS(statusOf(graph), Code::Ok, "");
  graph.nodes.back().body = dense(1, 2, {1, 1});
  EXPECT_STATUS(statusOf(graph), Code::Shape, "delayed input of add node 'sum'");
  graph = branched();
  graph.edges[0].delay = 1;
  EXPECT_STATUS(statusOf(graph), Code::Unsupported, "an add node at the end of a delayed edge");
  graph = branched();
  for (std::size_t i : {2U, 3U, 4U}) graph.edges[i].delay = 1;
  EXPECT_STATUS(statusOf(graph), Code::Graph, "an edge without delay into it");
}

CASE("nodes beside the path, inputs none or two, outputs wrong") {
  Graph graph = floatNetwork();
  graph.nodes.push_back({"spare", ReluNode{}});
  graph.edges.push_back({"fc1", "spare"});
  EXPECT_STATUS(statusOf(graph), Code::Graph, "1 beside it, 'spare' among them");
  graph = floatNetwork();
  graph.nodes.push_back({"y", InputNode{{1}}});
  EXPECT_STATUS(statusOf(graph), Code::Graph, "exactly one, received 2");
  EXPECT_STATUS(statusOf(Graph{}), Code::Graph, "exactly one, received 0");
  graph = floatNetwork();
  graph.outputs = {};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "received none");
  graph.outputs = {"fc1"};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "2 beside it, 'relu' among them");
  graph.outputs = {"fc3"};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "unknown 'fc3'");
  graph.outputs = {"fc2", "fc2"};
  EXPECT_STATUS(statusOf(graph), Code::Graph, "received 2 names");
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

}  // namespace spiq
