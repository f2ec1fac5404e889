#include "core/convert/to_spiking.h"

#include <algorithm>

#include "core/graph/weighted.h"

namespace spiq {

namespace {

std::string freeName(const Graph& graph, const std::string& wish) {
  std::string name = wish;
  const auto taken = [&](const Node& node) { return node.name == name; };
  for (int i = 2; std::any_of(graph.nodes.begin(), graph.nodes.end(), taken); ++i)
    name = wish + std::to_string(i);
  return name;
}

// The weighted node whose sums reach what place `index` gives with no ReLU on the way, if any.
const Node* weightedBehind(const Arrangement& arrangement, std::size_t index,
                           std::vector<bool>& seen) {
  const Arrangement::Place& place = arrangement.places[index];
  if (isWeighted(*place.node)) return place.node;
  if (seen[index] || place.node->as<ReluNode>() != nullptr) return nullptr;
  seen[index] = true;
  for (const auto& source : place.sources) {
    const Node* found = weightedBehind(arrangement, source.place, seen);
    if (found != nullptr) return found;
  }
  return nullptr;
}

Status checkConvertible(const Arrangement& arrangement) {
  for (const auto& place : arrangement.places) {
    const Node& node = *place.node;
    if (node.as<BatchNormNode>() != nullptr) {
      return mismatch(Code::Unsupported, node.label(), "a network with batch norms folded",
                      "one that is not");
    }
    if (const auto* relu = node.as<ReluNode>(); relu != nullptr && (relu->leaks() || relu->cap)) {
      return mismatch(Code::Unsupported, node.label(), "a plain ReLU, as neurons compute it",
                      relu->leaks() ? "one with a slope below 0" : "one with a cap");
    }
    const bool rectifies = node.as<ReluNode>() != nullptr;
    if (!rectifies && !isWeighted(node)) continue;
    std::vector<bool> seen(arrangement.places.size());
    const Node* weighted = weightedBehind(arrangement, place.sources.front().place, seen);
    if (rectifies && weighted == nullptr) {
      return mismatch(Code::Unsupported, node.label(), "a dense layer right before each ReLU",
                      "none");
    }
    if (!rectifies && weighted != nullptr) {
      return mismatch(Code::Unsupported, weighted->label(), "a ReLU behind every hidden layer",
                      node.label() + " right after it (merge the two linear layers into one)");
    }
  }
  return {};
}

}  // namespace

Result<Graph> toSpiking(const Graph& graph, const NeuronSpec& spec) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  if (arrangement.value().isSpiking()) return graph;
  if (const Status status = checkConvertible(arrangement.value()); !status.ok()) return status;

  Graph spiking = graph;
  for (Node& node : spiking.nodes) {
    if (node.as<ReluNode>() != nullptr) node.body = NeuronNode{spec, {}};
  }
  const Node& last = *arrangement.value().places[arrangement.value().output].node;
  if (last.as<ReluNode>() == nullptr) {
    const std::string name = freeName(graph, "readout");
    spiking.nodes.push_back({name, NeuronNode{spec, {}}});
    spiking.edges.push_back({last.name, name});
    spiking.outputs = {name};
  }
  const Status status = arrange(spiking).status();
  if (!status.ok()) return status;
  return spiking;
}

}  // namespace spiq
