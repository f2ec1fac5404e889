#include "core/convert/max_pools.h"

#include <algorithm>

namespace spiq {

namespace {

bool isMaxPool(const Node& node) {
  const auto* pool = node.as<PoolNode>();
  return pool != nullptr && pool->mode == PoolMode::Max;
}

const Node& find(const Graph& graph, const std::string& name) {
  return *std::find_if(graph.nodes.begin(), graph.nodes.end(),
                       [&](const Node& node) { return node.name == name; });
}

Status swapWithNeurons(Graph& graph, const std::string& pool) {
  const auto into = std::find_if(graph.edges.begin(), graph.edges.end(),
                                 [&](const Edge& edge) { return edge.to == pool; });
  const std::string neurons = into->from;
  if (find(graph, neurons).as<NeuronNode>() == nullptr) return {};
  const auto readers = std::count_if(graph.edges.begin(), graph.edges.end(),
                                     [&](const Edge& edge) { return edge.from == neurons; });
  if (readers != 1) {
    return mismatch(Code::Unsupported, find(graph, pool).label(),
                    "to be the only reader of the neurons that it is to be put before",
                    std::to_string(readers) + " readers of " + find(graph, neurons).label());
  }
  for (Edge& edge : graph.edges) {
    if (edge.to == neurons) {
      edge.to = pool;
    } else if (edge.from == pool) {
      edge.from = neurons;
    } else if (edge.to == pool) {
      edge = {pool, neurons, edge.delay};
    }
  }
  for (std::string& output : graph.outputs) {
    if (output == pool) output = neurons;
  }
  return {};
}

}  // namespace

Result<Graph> withMaxPools(const Graph& graph, MaxPools choice) {
  Graph chosen = graph;
  if (choice != MaxPools::BeforeNeurons) {
    for (Node& node : chosen.nodes) {
      auto* pool = std::get_if<PoolNode>(&node.body);
      if (pool == nullptr) continue;
      pool->spikes = choice == MaxPools::Gated ? MaxOfSpikes::Gated : MaxOfSpikes::Average;
    }
    return chosen;
  }
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  // In order, so that of several pools in a row each finds the neurons before it.
  for (const auto& place : arrangement.value().places) {
    if (!isMaxPool(*place.node)) continue;
    if (Status status = swapWithNeurons(chosen, place.node->name); !status.ok()) return status;
  }
  if (const Status status = arrange(chosen).status(); !status.ok()) return status;
  return chosen;
}

}  // namespace spiq
