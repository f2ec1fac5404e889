#include "core/convert/to_spiking.h"

#include <algorithm>

namespace spiq {

namespace {

std::string freeName(const Graph& graph, const std::string& wish) {
  std::string name = wish;
  const auto taken = [&](const Node& node) { return node.name == name; };
  for (int i = 2; std::any_of(graph.nodes.begin(), graph.nodes.end(), taken); ++i)
    name = wish + std::to_string(i);
  return name;
}

Status checkConvertible(const Chain& chain) {
  const Node* weighted = nullptr;
  for (const Node* node : chain.nodes) {
    if (std::holds_alternative<DenseNode>(node->body)) {
      if (weighted != nullptr) {
        return mismatch(Code::Unsupported, weighted->label(), "a ReLU behind every hidden layer",
                        node->label() + " right after it (merge the two linear layers into one)");
      }
      weighted = node;
    } else if (std::holds_alternative<ReluNode>(node->body)) {
      if (weighted == nullptr) {
        return mismatch(Code::Unsupported, node->label(), "a dense layer right before each ReLU",
                        "none");
      }
      weighted = nullptr;
    }
  }
  return {};
}

}  // namespace

Result<Graph> toSpiking(const Graph& graph, const NeuronSpec& spec) {
  const Result<Chain> chain = asChain(graph);
  if (!chain.ok()) return chain.status();
  if (chain.value().isSpiking()) return graph;
  if (const Status status = checkConvertible(chain.value()); !status.ok()) return status;

  Graph spiking = graph;
  for (Node& node : spiking.nodes) {
    if (std::holds_alternative<ReluNode>(node.body)) node.body = NeuronNode{spec};
  }
  const Node& last = *chain.value().nodes.back();
  if (!std::holds_alternative<ReluNode>(last.body)) {
    const std::string name = freeName(graph, "readout");
    spiking.nodes.push_back({name, NeuronNode{spec}});
    spiking.edges.emplace_back(last.name, name);
    spiking.outputs = {name};
  }
  const Result<Chain> checked = asChain(spiking);
  if (!checked.ok()) return checked.status();
  return spiking;
}

}  // namespace spiq
