#include "core/graph/graph.h"

#include <map>

namespace spiq {

namespace {

using Index = std::map<std::string, const Node*>;

Result<Index> indexByName(const Graph& graph) {
  Index index;
  for (const Node& node : graph.nodes) {
    if (node.name.empty())
      return mismatch(Code::Graph, "node name", "at least one character", "''");
    if (!index.emplace(node.name, &node).second) {
      return mismatch(Code::Graph, "node names", "each to be used once",
                      "'" + node.name + "' twice");
    }
    const Status status =
        std::visit([&](const auto& body) { return body.validate(node.label()); }, node.body);
    if (!status.ok()) return status;
  }
  return index;
}

// Each node's one successor, or an error where a node has several inputs or outputs or an edge
// leads nowhere.
Result<std::map<std::string, std::string>> successors(const Graph& graph, const Index& index) {
  std::map<std::string, std::string> next;
  std::map<std::string, std::string> previous;
  for (const auto& [from, to] : graph.edges) {
    for (const std::string& end : {from, to}) {
      if (index.find(end) == index.end()) {
        return mismatch(Code::Graph, "edge '" + from + "' to '" + to + "'", "names of nodes",
                        "unknown '" + end + "'");
      }
    }
    if (!next.emplace(from, to).second || !previous.emplace(to, from).second) {
      return mismatch(Code::Unsupported, "edge '" + from + "' to '" + to + "'",
                      "a network without branches (each node with one input and one successor)",
                      "a second edge");
    }
  }
  return next;
}

Result<const Node*> soleInput(const Graph& graph) {
  const Node* input = nullptr;
  int count = 0;
  for (const Node& node : graph.nodes) {
    if (std::holds_alternative<InputNode>(node.body)) {
      input = &node;
      ++count;
    }
  }
  if (count != 1) return mismatch(Code::Graph, "input nodes", "exactly one", std::to_string(count));
  return input;
}

}  // namespace

Result<Chain> asChain(const Graph& graph) {
  if (!(graph.epsilon >= 0.0 && graph.epsilon < 0.5)) {
    return mismatch(Code::Range, "graph epsilon", "a number from 0 to below 0.5",
                    showNumber(graph.epsilon));
  }
  const Result<Index> index = indexByName(graph);
  if (!index.ok()) return index.status();
  const Result<const Node*> input = soleInput(graph);
  if (!input.ok()) return input.status();
  const auto next = successors(graph, index.value());
  if (!next.ok()) return next.status();

  Chain chain;
  Shape shape;
  for (const Node* node = input.value();;) {
    if (chain.nodes.size() == graph.nodes.size()) {
      return mismatch(Code::Graph, "edges", "no cycle", "one through '" + node->name + "'");
    }
    Result<Shape> out = std::visit(
        [&](const auto& body) { return body.outputShape(shape, node->label()); }, node->body);
    if (!out.ok()) return out.status();
    shape = out.take();
    chain.nodes.push_back(node);
    chain.shapes.push_back(shape);
    const auto edge = next.value().find(node->name);
    if (edge == next.value().end()) break;
    node = index.value().at(edge->second);
  }
  if (chain.nodes.size() != graph.nodes.size()) {
    return mismatch(Code::Graph, "nodes", "all on the path from the input",
                    std::to_string(graph.nodes.size() - chain.nodes.size()) + " beside it");
  }
  if (graph.outputs != std::vector<std::string>{chain.nodes.back()->name}) {
    return mismatch(Code::Graph, "outputs",
                    "the last node ('" + chain.nodes.back()->name + "') alone",
                    graph.outputs.empty() ? "none"
                                          : "'" + graph.outputs.front() + "' and " +
                                                std::to_string(graph.outputs.size() - 1) + " more");
  }
  return chain;
}

}  // namespace spiq
