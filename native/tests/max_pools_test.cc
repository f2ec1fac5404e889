#include "core/convert/max_pools.h"

#include "core/convert/to_spiking.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

namespace {

PoolNode maxPool() {
  PoolNode pool;
  pool.mode = PoolMode::Max;
  pool.kernel = {2, 2};
  return pool;
}

Graph pooled(std::vector<Node> behind) {
  std::vector<Node> nodes{{"x", InputNode{{1, 4, 4}}},
                          {"conv", tests::conv(tests::ramp({2, 1, 1, 1}, 1, 1))},
                          {"relu", ReluNode{}},
                          {"first", maxPool()}};
  for (Node& node : behind) nodes.push_back(std::move(node));
  return toSpiking(tests::chained(std::move(nodes)), NeuronSpec()).take();
}

std::string edgesOf(const Graph& graph) {
  std::string text;
  for (const Edge& edge : graph.edges) text += edge.from + ">" + edge.to + " ";
  return text;
}

}  // namespace

CASE("max pools are told what stands for the maximum") {
  const Graph graph = pooled({});
  const auto spikesOf = [&](MaxPools choice) {
    return withMaxPools(graph, choice).take().nodes[3].as<PoolNode>()->spikes;
  };
  EXPECT_TRUE(spikesOf(MaxPools::Average) == MaxOfSpikes::Average);
  EXPECT_TRUE(spikesOf(MaxPools::Gated) == MaxOfSpikes::Gated);
}

CASE("several pools in a row go before the neurons") {
  const auto one = withMaxPools(pooled({}), MaxPools::BeforeNeurons).take();
  EXPECT_EQUAL(edgesOf(one), "x>conv conv>first first>relu relu>readout ");
  const auto two = withMaxPools(pooled({{"second", maxPool()}}), MaxPools::BeforeNeurons).take();
  EXPECT_EQUAL(edgesOf(two), "x>conv conv>first first>second second>relu relu>readout ");
}

CASE("other pools stay behind the neurons") {
  const auto graph = withMaxPools(pooled({{"mean", PoolNode{}}}), MaxPools::BeforeNeurons).take();
  EXPECT_EQUAL(edgesOf(graph), "x>conv conv>first first>relu relu>mean mean>readout ");
}

CASE("neurons that others read as well stay where they are, with an error") {
  const Node pool{"first", maxPool()};
  Graph graph = tests::chained({{"x", InputNode{{1, 4, 4}}},
                                {"conv", tests::conv(tests::ramp({2, 1, 1, 1}, 1, 1))},
                                {"relu", ReluNode{}},
                                pool,
                                {"sum", AddNode{}}});
  graph.nodes.push_back({"other", maxPool()});
  graph.edges.push_back({"relu", "other"});
  graph.edges.push_back({"other", "sum"});
  const Graph spiking = toSpiking(graph, NeuronSpec()).take();
  EXPECT_STATUS(withMaxPools(spiking, MaxPools::BeforeNeurons).status(), Code::Unsupported,
                "pool node 'first': expected to be the only reader");
}

}  // namespace spiq
