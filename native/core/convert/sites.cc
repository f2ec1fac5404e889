#include "core/convert/sites.h"

#include <algorithm>
#include <map>

#include "core/convert/fold_batch_norm.h"
#include "core/convert/free_name.h"
#include "core/convert/merge_linear.h"
#include "core/convert/sums.h"
#include "core/graph/weighted.h"

namespace spiq {

namespace {

// The sums of another weighted layer, with no ReLU between.
bool readsSums(const Arrangement& arrangement, const Arrangement::Place& place) {
  return std::any_of(place.sources.begin(), place.sources.end(), [&](const auto& source) {
    return arrangement.places[source.place].node->template as<ReluNode>() == nullptr &&
           !sumsInto(arrangement, source.place).empty();
  });
}

// Identities in front of the layers that would read another's sums.
Result<Graph> withIdentities(const Graph& graph) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  Graph changed = graph;
  std::map<std::string, std::string> identities;  // by the node before them
  for (const auto& place : arrangement.value().places) {
    if (!isWeighted(*place.node) || !readsSums(arrangement.value(), place)) continue;
    const std::string& source = arrangement.value().places[place.sources.front().place].node->name;
    const auto [found, isNew] = identities.emplace(source, "");
    std::string& name = found->second;
    if (isNew) name = freeName(changed, source + " spikes");
    for (Edge& edge : changed.edges) {
      if (edge.to == place.node->name) edge.from = name;
    }
    if (!isNew) continue;
    ReluNode identity;
    identity.slope = 1;
    changed.nodes.push_back({name, identity});
    changed.edges.push_back({source, name, 0});
  }
  return changed;
}

Site siteAt(const Arrangement& arrangement, std::size_t index) {
  const Arrangement::Place& place = arrangement.places[index];
  const auto* relu = place.node->as<ReluNode>();
  Site site{index, place.node->name, index == arrangement.output, place.shape[0], 1, 0, {}, false};
  for (const std::int64_t size : place.shape) site.units *= size;
  if (relu != nullptr) {
    site.cap = relu->cap;
    site.leaks = relu->leaks();
  }
  for (const Node* node : sumsInto(arrangement, index))
    site.largestParameter = std::max(site.largestParameter, largestParameter(*node));
  return site;
}

bool isPlainRelu(const Node& node) {
  const auto* relu = node.as<ReluNode>();
  return relu != nullptr && !relu->leaks() && !relu->cap;
}

// Unless something else reads it, too.
Result<Graph> withoutLastRelu(const Graph& graph) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  const auto& places = arrangement.value().places;
  const auto& last = places[arrangement.value().output];
  if (!isPlainRelu(*last.node) || !arrangement.value().users(arrangement.value().output).empty())
    return graph;
  const Node& before = *places[last.sources.front().place].node;
  if (before.as<InputNode>() != nullptr) return graph;
  Graph shorter = graph;
  const std::string& gone = last.node->name;
  shorter.nodes.erase(std::find_if(shorter.nodes.begin(), shorter.nodes.end(),
                                   [&](const Node& node) { return node.name == gone; }));
  shorter.edges.erase(std::find_if(shorter.edges.begin(), shorter.edges.end(),
                                   [&](const Edge& edge) { return edge.to == gone; }));
  shorter.outputs = {before.name};
  return shorter;
}

}  // namespace

Result<Graph> prepare(const Graph& graph, LinearLayers linear) {
  const Result<Graph> folded = foldBatchNorm(graph);
  if (!folded.ok()) return folded.status();
  const Result<Graph> shorter = withoutLastRelu(folded.value());
  if (!shorter.ok()) return shorter.status();
  Result<Graph> merged = mergeLinear(shorter.value());
  if (!merged.ok() || linear == LinearLayers::Values) return merged;
  return withIdentities(merged.value());
}

std::vector<Site> sitesOf(const Arrangement& arrangement) {
  std::vector<Site> sites;
  for (std::size_t i = 0; i < arrangement.places.size(); ++i) {
    if (arrangement.places[i].node->as<ReluNode>() != nullptr)
      sites.push_back(siteAt(arrangement, i));
  }
  const auto& output = arrangement.places[arrangement.output];
  if (output.node->as<ReluNode>() == nullptr)
    sites.push_back(siteAt(arrangement, arrangement.output));
  return sites;
}

}  // namespace spiq
