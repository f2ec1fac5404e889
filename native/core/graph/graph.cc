#include "core/graph/graph.h"

#include <algorithm>
#include <map>
#include <set>
#include <type_traits>

namespace spiq {

namespace {

using Index = std::map<std::string, std::size_t>;  // position in graph.nodes

Result<Index> indexByName(const Graph& graph) {
  Index index;
  for (const Node& node : graph.nodes) {
    if (node.name.empty())
      return mismatch(Code::Graph, "node name", "at least one character", "''");
    if (!index.emplace(node.name, index.size()).second) {
      return mismatch(Code::Graph, "node names", "each to be used once",
                      "'" + node.name + "' twice");
    }
    const Status status =
        std::visit([&](const auto& body) { return body.validate(node.label()); }, node.body);
    if (!status.ok()) return status;
  }
  return index;
}

Arity arityOf(const Node& node) {
  return std::visit([](const auto& body) { return std::decay_t<decltype(body)>::arity; },
                    node.body);
}

struct Link {
  std::size_t from;
  std::int64_t delay;
};

// Of every node what leads into it, in edge order.
using Links = std::vector<std::vector<Link>>;

Result<Links> linkUp(const Graph& graph, const Index& index) {
  Links links(graph.nodes.size());
  std::set<std::pair<std::string, std::string>> seen;
  for (const Edge& edge : graph.edges) {
    const std::string what = "edge '" + edge.from + "' to '" + edge.to + "'";
    for (const std::string& end : {edge.from, edge.to}) {
      if (index.find(end) == index.end()) {
        return mismatch(Code::Graph, what, "names of nodes", "unknown '" + end + "'");
      }
    }
    if (!seen.emplace(edge.from, edge.to).second)
      return mismatch(Code::Graph, what, "each edge once", "a second one");
    const std::size_t to = index.at(edge.to);
    if (edge.delay < 0 || edge.delay > kMaxDelay) {
      return mismatch(Code::Range, what + " delay", "0 to " + std::to_string(kMaxDelay) + " steps",
                      std::to_string(edge.delay));
    }
    if (edge.delay > 0 && graph.nodes[to].as<AddNode>() == nullptr) {
      return mismatch(Code::Unsupported, what, "an add node at the end of a delayed edge",
                      graph.nodes[to].label());
    }
    links[to].push_back({index.at(edge.from), edge.delay});
  }
  for (std::size_t i = 0; i < links.size(); ++i) {
    const Arity arity = arityOf(graph.nodes[i]);
    const char* expected = arity == Arity::None ? "no edge into it" : "exactly one edge into it";
    const std::size_t count = links[i].size();
    if (arity == Arity::Several ? count >= 1 : count == (arity == Arity::One ? 1 : 0)) continue;
    return mismatch(Code::Graph, graph.nodes[i].label(),
                    arity == Arity::Several ? "at least one edge into it" : expected,
                    std::to_string(count));
  }
  return links;
}

Result<std::size_t> soleInput(const Graph& graph) {
  std::size_t input = 0;
  int count = 0;
  for (std::size_t i = 0; i < graph.nodes.size(); ++i) {
    if (graph.nodes[i].as<InputNode>() == nullptr) continue;
    input = i;
    ++count;
  }
  if (count != 1) return mismatch(Code::Graph, "input nodes", "exactly one", std::to_string(count));
  return input;
}

// Nodes in an order that follows the edges without delay; among those that could come next, the
// first of the graph's list does.
Result<std::vector<std::size_t>> inOrder(const Graph& graph, const Links& links) {
  std::vector<std::size_t> order;
  std::vector<bool> placed(graph.nodes.size());
  while (order.size() < graph.nodes.size()) {
    std::size_t next = 0;
    const auto ready = [&](std::size_t i) {
      return !placed[i] && std::all_of(links[i].begin(), links[i].end(), [&](const Link& link) {
        return link.delay > 0 || placed[link.from];
      });
    };
    while (next < graph.nodes.size() && !ready(next)) ++next;
    if (next == graph.nodes.size()) {
      const auto left = std::find(placed.begin(), placed.end(), false) - placed.begin();
      return mismatch(Code::Graph, "edges", "no cycle without a delay",
                      "one with '" + graph.nodes[static_cast<std::size_t>(left)].name + "'");
    }
    placed[next] = true;
    order.push_back(next);
  }
  return order;
}

Result<Shape> shapeOf(const Node& node, const std::vector<Shape>& in) {
  return std::visit(
      [&](const auto& body) -> Result<Shape> {
        using Body = std::decay_t<decltype(body)>;
        if constexpr (Body::arity == Arity::Several) {
          if (in.empty())
            return mismatch(Code::Graph, node.label(), "an edge without delay into it", "none");
          return body.outputShape(in, node.label());
        } else {
          return body.outputShape(in.empty() ? Shape() : in.front(), node.label());
        }
      },
      node.body);
}

// Every node has to lie on a path from the input to the output: whatever does not is a mistake.
Status checkUse(const Graph& graph, const Links& links, std::size_t input, std::size_t output) {
  std::vector<bool> used(graph.nodes.size());
  std::vector<std::size_t> open{output};
  used[output] = true;
  while (!open.empty()) {
    const std::size_t node = open.back();
    open.pop_back();
    for (const Link& link : links[node]) {
      if (!used[link.from]) open.push_back(link.from);
      used[link.from] = true;
    }
  }
  if (!used[input]) {
    return mismatch(Code::Graph, "output '" + graph.nodes[output].name + "'",
                    "a path to it from the input", "none");
  }
  const auto beside = std::count(used.begin(), used.end(), false);
  if (beside == 0) return {};
  const auto first = std::find(used.begin(), used.end(), false) - used.begin();
  return mismatch(Code::Graph, "nodes", "all on a path from the input to the output",
                  std::to_string(beside) + " beside it, '" +
                      graph.nodes[static_cast<std::size_t>(first)].name + "' among them");
}

}  // namespace

Result<Arrangement> arrange(const Graph& graph) {
  if (!(graph.epsilon >= 0.0 && graph.epsilon < 0.5)) {
    return mismatch(Code::Range, "graph epsilon", "a number from 0 to below 0.5",
                    showNumber(graph.epsilon));
  }
  const Result<Index> index = indexByName(graph);
  if (!index.ok()) return index.status();
  const Result<std::size_t> input = soleInput(graph);
  if (!input.ok()) return input.status();
  const Result<Links> links = linkUp(graph, index.value());
  if (!links.ok()) return links.status();
  if (graph.outputs.size() != 1) {
    return mismatch(
        Code::Graph, "outputs", "the name of one node",
        graph.outputs.empty() ? "none" : std::to_string(graph.outputs.size()) + " names");
  }
  if (index.value().count(graph.outputs.front()) == 0) {
    return mismatch(Code::Graph, "outputs", "the name of one node",
                    "unknown '" + graph.outputs.front() + "'");
  }
  const std::size_t output = index.value().at(graph.outputs.front());
  const auto order = inOrder(graph, links.value());
  if (!order.ok()) return order.status();
  if (Status status = checkUse(graph, links.value(), input.value(), output); !status.ok())
    return status;

  Arrangement arrangement;
  std::vector<std::size_t> placeOf(graph.nodes.size());
  for (std::size_t i = 0; i < order.value().size(); ++i) placeOf[order.value()[i]] = i;
  arrangement.output = placeOf[output];
  for (const std::size_t i : order.value()) {
    Arrangement::Place place{&graph.nodes[i], {}, {}};
    std::vector<Shape> shapes;
    for (const Link& link : links.value()[i]) {
      place.sources.push_back({placeOf[link.from], link.delay});
      if (link.delay == 0) shapes.push_back(arrangement.places[placeOf[link.from]].shape);
    }
    Result<Shape> shape = shapeOf(*place.node, shapes);
    if (!shape.ok()) return shape.status();
    place.shape = shape.take();
    arrangement.places.push_back(std::move(place));
  }
  for (const auto& place : arrangement.places) {
    for (const auto& source : place.sources) {
      const Shape& given = arrangement.places[source.place].shape;
      if (source.delay == 0 || given == place.shape) continue;
      return mismatch(Code::Shape, "delayed input of " + place.node->label(),
                      showShape(place.shape), showShape(given));
    }
  }
  return arrangement;
}

}  // namespace spiq
