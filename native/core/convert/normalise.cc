#include "core/convert/normalise.h"

#include <algorithm>

#include "core/convert/carried_scales.h"
#include "core/graph/weighted.h"

namespace spiq {

namespace {

std::int64_t channelsOf(const Arrangement::Place& place) {
  return place.shape[0];
}

bool isFree(const Node& node) {
  return isWeighted(node) || node.as<ScaleNode>() != nullptr || node.as<AddNode>() != nullptr;
}

class Normalising {
 public:
  Normalising(const Graph& graph, const Arrangement& arrangement, std::vector<Site> sites,
              std::vector<Scales> scales)
      : graph_(graph),
        arrangement_(arrangement),
        places_(arrangement.places),
        sites_(std::move(sites)),
        given_(std::move(scales)) {
    for (std::size_t s = 0; s < sites_.size(); ++s) {
      if (given_[s].size() == 1)
        given_[s].assign(static_cast<std::size_t>(sites_[s].channels), given_[s].front());
    }
  }

  // The scales of all places, evened out until each place can tell its channels apart.
  Status settle() {
    for (;;) {
      carried_.assign(places_.size(), {});
      std::size_t place = 0;
      while (place < places_.size() && carry(place)) ++place;
      if (place == places_.size()) return {};
      if (const Status status = evenOut(place); !status.ok()) return status;
    }
  }

  Normalised finish() {
    result_.graph = graph_;
    for (std::size_t i = 0; i < places_.size(); ++i) rescale(i);
    for (std::size_t i = 0; i < places_.size(); ++i) {
      const Node& node = *places_[i].node;
      if (node.as<ReluNode>() == nullptr && node.as<AddNode>() == nullptr) continue;
      for (const auto& source : places_[i].sources) {
        if (carried_[source.place] != carried_[i]) join(source.place, i);
      }
    }
    joinOutput();
    result_.scales = given_;
    return std::move(result_);
  }

 private:
  const Scales* siteScales(std::size_t place) const {
    for (std::size_t s = 0; s < sites_.size(); ++s) {
      if (sites_[s].place == place) return &given_[s];
    }
    return nullptr;
  }

  // What the sums at `place` are divided by: the scale of the site that they lead to, through
  // nothing but nodes that keep channels apart.
  Scales wanted(std::size_t place) const {
    if (const Scales* own = siteScales(place)) return *own;
    const std::vector<std::size_t> users = arrangement_.users(place);
    for (const std::size_t user : users) {
      if (places_[user].node->as<ReluNode>() != nullptr) return *siteScales(user);
    }
    if (users.size() == 1 && passesChannels(*places_[users.front()].node, places_[place].shape))
      return wanted(users.front());
    Scales units(static_cast<std::size_t>(channelsOf(places_[place])), 1.0);
    return units;
  }

  // False where the inputs' scales cannot be told apart behind `place`.
  bool carry(std::size_t index) {
    const auto& place = places_[index];
    if (place.node->as<InputNode>() != nullptr) {
      carried_[index].assign(static_cast<std::size_t>(channelsOf(place)), 1.0);
    } else if (place.node->as<ReluNode>() != nullptr) {
      carried_[index] = *siteScales(index);
    } else if (isFree(*place.node)) {
      carried_[index] = wanted(index);
    } else {
      std::vector<Carried> sources;
      sources.reserve(place.sources.size());
      for (const auto& source : place.sources)
        sources.push_back({carried_[source.place], places_[source.place].shape});
      auto behind = carriedBehind(*place.node, sources, place.shape);
      if (!behind) return false;
      carried_[index] = std::move(*behind);
    }
    return true;
  }

  Status evenOut(std::size_t index) {
    std::vector<std::size_t> sites;
    std::vector<bool> seen(places_.size());
    sitesBefore(index, seen, sites);
    double largest = 0;
    for (const std::size_t s : sites)
      largest = std::max(largest, *std::max_element(given_[s].begin(), given_[s].end()));
    bool changed = false;
    for (const std::size_t s : sites) {
      for (double& scale : given_[s]) {
        changed |= scale != largest;
        scale = largest;
      }
    }
    if (changed) return {};
    return mismatch(Code::Unsupported, places_[index].node->label(),
                    "inputs of one scale (what branches into it must be scaled alike)", "others");
  }

  void sitesBefore(std::size_t index, std::vector<bool>& seen,
                   std::vector<std::size_t>& found) const {
    for (const auto& source : places_[index].sources) {
      if (seen[source.place]) continue;
      seen[source.place] = true;
      for (std::size_t s = 0; s < sites_.size(); ++s) {
        if (sites_[s].place == source.place) found.push_back(s);
      }
      const Node& node = *places_[source.place].node;
      if (node.as<ReluNode>() == nullptr && !isFree(node)) sitesBefore(source.place, seen, found);
    }
  }

  Node& nodeAt(std::size_t index) {
    return result_.graph.nodes[static_cast<std::size_t>(places_[index].node - graph_.nodes.data())];
  }

  void rescale(std::size_t index) {
    Node& node = nodeAt(index);
    if (auto* relu = std::get_if<ReluNode>(&node.body)) relu->cap.reset();
    if (!isFree(node) || node.as<AddNode>() != nullptr) return;
    const Scales& before = carried_[places_[index].sources.front().place];
    const Scales& own = carried_[index];
    if (auto* scale = std::get_if<ScaleNode>(&node.body)) {
      for (std::size_t c = 0; c < own.size(); ++c) {
        multiply(scale->factor.data[c], before[c] / own[c]);
        if (scale->offset) multiply(scale->offset->data[c], 1.0 / own[c]);
      }
      return;
    }
    withWeights(node, [&](auto& body) {
      const Wiring wiring(body);
      for (std::size_t e = 0; e < body.weight.data.size(); ++e) {
        const auto [output, input] = wiring.at(e);
        multiply(body.weight.data[e], before[input] / own[output]);
      }
      if (!body.bias) return;
      for (std::size_t o = 0; o < own.size(); ++o) multiply(body.bias->data[o], 1.0 / own[o]);
    });
  }

  static void multiply(float& value, double factor) {
    value = static_cast<float>(static_cast<double>(value) * factor);
  }

  ScaleNode factorsBetween(const Scales& from, const Scales& to) const {
    ScaleNode node;
    node.factor.shape = {static_cast<std::int64_t>(from.size())};
    for (std::size_t c = 0; c < from.size(); ++c)
      node.factor.data.push_back(static_cast<float>(from[c] / to[c]));
    return node;
  }

  std::string nameBetween(const std::string& from, const std::string& to) const {
    return from + " scaled for " + to;
  }

  void join(std::size_t from, std::size_t to) {
    const std::string& source = places_[from].node->name;
    const std::string& target = places_[to].node->name;
    const std::string name = nameBetween(source, target);
    for (Edge& edge : result_.graph.edges) {
      if (edge.from == source && edge.to == target) edge.from = name;
    }
    result_.graph.nodes.push_back({name, factorsBetween(carried_[from], carried_[to])});
    result_.graph.edges.push_back({source, name, 0});
  }

  // All outputs are to be in one unit, so that they can be compared.
  void joinOutput() {
    const std::size_t output = arrangement_.output;
    Scales& wanted = given_.back();
    const Scales& carried = carried_[output];
    if (carried == wanted) return;
    const bool uniform = std::all_of(carried.begin(), carried.end(),
                                     [&](double scale) { return scale == carried.front(); });
    if (uniform) {
      wanted = carried;
      return;
    }
    const std::string& source = places_[output].node->name;
    const std::string name = nameBetween(source, "output");
    result_.graph.nodes.push_back({name, factorsBetween(carried, wanted)});
    result_.graph.edges.push_back({source, name, 0});
    result_.graph.outputs = {name};
  }

  const Graph& graph_;
  const Arrangement& arrangement_;
  const std::vector<Arrangement::Place>& places_;
  std::vector<Site> sites_;
  std::vector<Scales> given_;
  std::vector<Scales> carried_;
  Normalised result_;
};

Status checkScales(const std::vector<Site>& sites, const std::vector<Scales>& scales) {
  if (scales.size() != sites.size()) {
    return mismatch(Code::Argument, "scales",
                    "one list for each of " + std::to_string(sites.size()) + " layers",
                    std::to_string(scales.size()));
  }
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const auto channels = static_cast<std::size_t>(sites[s].channels);
    if (scales[s].size() != 1 && scales[s].size() != channels) {
      return mismatch(Code::Shape, "scales of '" + sites[s].name + "'",
                      "1 or " + std::to_string(channels), std::to_string(scales[s].size()));
    }
    for (const double scale : scales[s]) {
      if (scale > 0 && scale < 1e300) continue;
      return mismatch(Code::Range, "scale of '" + sites[s].name + "'",
                      "a number above 0 (some weight, bias or activation must be positive)",
                      showNumber(scale));
    }
  }
  return {};
}

}  // namespace

Result<Normalised> normalise(const Graph& graph, const std::vector<Scales>& scales) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  std::vector<Site> sites = sitesOf(arrangement.value());
  if (const Status status = checkScales(sites, scales); !status.ok()) return status;
  Normalising normalising(graph, arrangement.value(), std::move(sites), scales);
  if (const Status status = normalising.settle(); !status.ok()) return status;
  Normalised normalised = normalising.finish();
  if (Status status = arrange(normalised.graph).status(); !status.ok()) return status;
  return normalised;
}

}  // namespace spiq
