#include "core/convert/fold_batch_norm.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/graph/weighted.h"

namespace spiq {

namespace {

struct Parameters {
  std::vector<double> weight;
  std::vector<double> bias;
};

Parameters parametersOf(const Node& node) {
  Parameters parameters;
  withWeights(node, [&](const auto& body) {
    parameters.weight.assign(body.weight.data.begin(), body.weight.data.end());
    parameters.bias.resize(static_cast<std::size_t>(body.outputs()));
    if (body.bias) parameters.bias.assign(body.bias->data.begin(), body.bias->data.end());
  });
  return parameters;
}

std::vector<double> factorsOf(const BatchNormNode& norm) {
  std::vector<double> factors;
  factors.reserve(norm.scale.data.size());
  for (std::size_t c = 0; c < norm.scale.data.size(); ++c)
    factors.push_back(norm.scale.data[c] / std::sqrt(norm.variance.data[c] + norm.epsilon));
  return factors;
}

// The norm takes what the node gives.
void foldBehind(Parameters& parameters, const Wiring& wiring, const BatchNormNode& norm) {
  const std::vector<double> factors = factorsOf(norm);
  for (std::size_t e = 0; e < parameters.weight.size(); ++e)
    parameters.weight[e] *= factors[wiring.at(e).output];
  for (std::size_t o = 0; o < parameters.bias.size(); ++o)
    parameters.bias[o] = (parameters.bias[o] - norm.mean.data[o]) * factors[o] + norm.shift.data[o];
}

// The norm gives what the node takes.
void foldBefore(Parameters& parameters, const Wiring& wiring, const BatchNormNode& norm) {
  const std::vector<double> factors = factorsOf(norm);
  for (std::size_t e = 0; e < parameters.weight.size(); ++e) {
    const auto [output, input] = wiring.at(e);
    const double offset = norm.shift.data[input] - norm.mean.data[input] * factors[input];
    parameters.bias[output] += parameters.weight[e] * offset;
    parameters.weight[e] *= factors[input];
  }
}

bool canFoldBefore(const Node& node) {
  if (const auto* conv = node.as<ConvNode>()) {
    return std::all_of(conv->padding.begin(), conv->padding.end(),
                       [](std::int64_t size) { return size == 0; });
  }
  return node.as<DenseNode>() != nullptr;
}

class Folding {
 public:
  Folding(const Graph& graph, const Arrangement& arrangement)
      : graph_(graph), places_(arrangement.places), output_(arrangement.output) {
    for (std::size_t i = 0; i < places_.size(); ++i) standIn_.push_back(i);
  }

  Status fold(std::size_t index) {
    const auto& norm = *places_[index].node->as<BatchNormNode>();
    const std::size_t before = standInOf(places_[index].sources.front().place);
    const std::vector<std::size_t> users = usersOf(index);
    if (isWeighted(*places_[before].node) && usersOf(before).size() == 1 &&
        standInOf(output_) != before) {
      change(before, norm, foldBehind);
    } else if (users.size() == 1 && output_ != index &&
               canFoldBefore(*places_[users.front()].node)) {
      change(users.front(), norm, foldBefore);
    } else {
      return mismatch(
          Code::Unsupported, places_[index].node->label(),
          "a weighted node right before it that nothing else uses, or right behind it a "
          "dense node or a conv node without padding",
          "neither");
    }
    standIn_[index] = before;
    return {};
  }

  Result<Graph> finish() const {
    Graph folded;
    folded.epsilon = graph_.epsilon;
    std::map<std::string, std::string> names;  // of a node and of what gives its values now
    std::map<std::string, std::size_t> placeOf;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      names[places_[i].node->name] = places_[standInOf(i)].node->name;
      placeOf[places_[i].node->name] = i;
    }
    for (const Node& node : graph_.nodes) {
      const std::size_t place = placeOf[node.name];
      if (standIn_[place] == place) folded.nodes.push_back(rounded(node, place));
    }
    for (const Edge& edge : graph_.edges) {
      if (names[edge.to] == edge.to)
        folded.edges.push_back({names[edge.from], edge.to, edge.delay});
    }
    for (const std::string& output : graph_.outputs) folded.outputs.push_back(names[output]);
    if (Status status = arrange(folded).status(); !status.ok()) return status;
    return folded;
  }

 private:
  using Fold = void (*)(Parameters&, const Wiring&, const BatchNormNode&);

  // The place whose node gives what place `index` gave.
  std::size_t standInOf(std::size_t index) const {
    while (standIn_[index] != index) index = standIn_[index];
    return index;
  }

  std::vector<std::size_t> usersOf(std::size_t index) const {
    std::vector<std::size_t> users;
    for (std::size_t i = 0; i < places_.size(); ++i) {
      if (standIn_[i] != i) continue;
      for (const auto& source : places_[i].sources) {
        if (standInOf(source.place) == index) users.push_back(i);
      }
    }
    return users;
  }

  void change(std::size_t index, const BatchNormNode& norm, Fold fold) {
    const Node& node = *places_[index].node;
    if (changed_.count(index) == 0) changed_[index] = parametersOf(node);
    withWeights(node, [&](const auto& body) { fold(changed_[index], Wiring(body), norm); });
  }

  Node rounded(const Node& node, std::size_t place) const {
    Node copy = node;
    const auto found = changed_.find(place);
    if (found == changed_.end()) return copy;
    const auto& [weight, bias] = found->second;
    withWeights(copy, [&, &weight = weight, &bias = bias](auto& body) {
      body.weight.data.assign(weight.begin(), weight.end());
      body.bias = Tensor{{body.outputs()}, {bias.begin(), bias.end()}};
    });
    return copy;
  }

  const Graph& graph_;
  const std::vector<Arrangement::Place>& places_;
  std::size_t output_;
  std::vector<std::size_t> standIn_;
  std::map<std::size_t, Parameters> changed_;  // by place
};

}  // namespace

Result<Graph> foldBatchNorm(const Graph& graph) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  const auto& places = arrangement.value().places;
  Folding folding(graph, arrangement.value());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (places[i].node->as<BatchNormNode>() == nullptr) continue;
    if (Status status = folding.fold(i); !status.ok()) return status;
  }
  return folding.finish();
}

}  // namespace spiq
