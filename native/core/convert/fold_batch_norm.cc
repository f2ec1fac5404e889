#include "core/convert/fold_batch_norm.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>

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

// factor * (x - mean) + shift for each channel.
struct Affine {
  std::vector<double> factor;
  std::vector<double> mean;
  std::vector<double> shift;

  double offset(std::size_t channel) const {
    return shift[channel] - mean[channel] * factor[channel];
  }
};

std::vector<double> wide(const std::optional<Tensor>& tensor, std::size_t size, double other) {
  if (!tensor) return std::vector<double>(size, other);
  return {tensor->data.begin(), tensor->data.end()};
}

// Of a batch norm, a scale or an input.
std::optional<Affine> affineOf(const Node& node) {
  if (const auto* norm = node.as<BatchNormNode>()) {
    const std::size_t size = norm->scale.data.size();
    return Affine{norm->factors(), wide(norm->mean, size, 0), wide(norm->shift, size, 0)};
  }
  if (const auto* scale = node.as<ScaleNode>()) {
    const std::size_t size = scale->factor.data.size();
    return Affine{wide(scale->factor, size, 1), std::vector<double>(size),
                  wide(scale->offset, size, 0)};
  }
  if (const auto* input = node.as<InputNode>()) {
    const auto size = static_cast<std::size_t>(input->shape.front());
    return Affine{wide(input->factor, size, 1), std::vector<double>(size),
                  wide(input->offset, size, 0)};
  }
  return std::nullopt;
}

bool isScale(const Node& node) {
  return node.as<BatchNormNode>() != nullptr || node.as<ScaleNode>() != nullptr;
}

// `second` of what `first` gives.
Affine behind(const Affine& first, const Affine& second) {
  Affine both = second;
  for (std::size_t c = 0; c < both.factor.size(); ++c) {
    both.factor[c] = second.factor[c] * first.factor[c];
    both.mean[c] = 0;
    both.shift[c] = second.factor[c] * (first.offset(c) - second.mean[c]) + second.shift[c];
  }
  return both;
}

Tensor narrow(const std::vector<double>& values) {
  return {{static_cast<std::int64_t>(values.size())}, {values.begin(), values.end()}};
}

// Rounded once.
template <class Body>
void write(const Affine& affine, Body& body) {
  std::vector<double> offsets;
  offsets.reserve(affine.factor.size());
  for (std::size_t c = 0; c < affine.factor.size(); ++c) offsets.push_back(affine.offset(c));
  body.factor = narrow(affine.factor);
  body.offset.reset();
  if (std::any_of(offsets.begin(), offsets.end(), [](double value) { return value != 0; }))
    body.offset = narrow(offsets);
}

// The norm or scale takes what the node gives.
void foldBehind(Parameters& parameters, const Wiring& wiring, const Affine& norm) {
  for (std::size_t e = 0; e < parameters.weight.size(); ++e)
    parameters.weight[e] *= norm.factor[wiring.at(e).output];
  for (std::size_t o = 0; o < parameters.bias.size(); ++o)
    parameters.bias[o] = (parameters.bias[o] - norm.mean[o]) * norm.factor[o] + norm.shift[o];
}

// The norm or scale gives what the node takes.
void foldBefore(Parameters& parameters, const Wiring& wiring, const Affine& norm) {
  for (std::size_t e = 0; e < parameters.weight.size(); ++e) {
    const auto [output, input] = wiring.at(e);
    parameters.bias[output] += parameters.weight[e] * norm.offset(input);
    parameters.weight[e] *= norm.factor[input];
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
      : graph_(graph),
        places_(arrangement.places),
        output_(arrangement.output),
        spiking_(arrangement.isSpiking()) {
    for (std::size_t i = 0; i < places_.size(); ++i) standIn_.push_back(i);
  }

  void fold(std::size_t index) {
    const Affine affine = affineOf(*places_[index].node).value_or(Affine());
    const std::size_t before = standInOf(places_[index].sources.front().place);
    const Node& node = *places_[before].node;
    const bool alone = usersOf(before).size() == 1 && standInOf(output_) != before;
    if (alone && isWeighted(node)) {
      change(before, affine, foldBehind);
      standIn_[index] = before;
    } else if (alone && (isScale(node) || takesIn(node, index))) {
      const auto found = scales_.find(before);
      scales_[before] = behind(
          found == scales_.end() ? affineOf(node).value_or(Affine()) : found->second, affine);
      standIn_[index] = before;
      if (isScale(node)) foldForward(before);
    } else {
      scales_[index] = affine;
      foldForward(index);
    }
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
  bool takesIn(const Node& before, std::size_t index) const {
    return before.as<InputNode>() != nullptr && !spiking_ && output_ != index;
  }

  using Fold = void (*)(Parameters&, const Wiring&, const Affine&);

  // What place `index` does to its input into the only node that uses it, if that can take it.
  void foldForward(std::size_t index) {
    const std::vector<std::size_t> users = usersOf(index);
    if (users.size() != 1 || standInOf(output_) == index ||
        !canFoldBefore(*places_[users.front()].node))
      return;
    change(users.front(), scales_.at(index), foldBefore);
    scales_.erase(index);
    standIn_[index] = standInOf(places_[index].sources.front().place);
  }

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

  void change(std::size_t index, const Affine& norm, Fold fold) {
    const Node& node = *places_[index].node;
    if (changed_.count(index) == 0) changed_[index] = parametersOf(node);
    withWeights(node, [&](const auto& body) { fold(changed_[index], Wiring(body), norm); });
  }

  Node rounded(const Node& node, std::size_t place) const {
    Node copy = node;
    if (const auto scale = scales_.find(place); scale != scales_.end()) {
      if (node.as<BatchNormNode>() != nullptr) copy.body = ScaleNode{};
      if (auto* body = std::get_if<ScaleNode>(&copy.body)) write(scale->second, *body);
      if (auto* body = std::get_if<InputNode>(&copy.body)) write(scale->second, *body);
      return copy;
    }
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
  bool spiking_;
  std::vector<std::size_t> standIn_;
  std::map<std::size_t, Parameters> changed_;  // by place
  std::map<std::size_t, Affine> scales_;       // likewise, of what stays a scale and of the input
};

}  // namespace

Result<Graph> foldBatchNorm(const Graph& graph) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  const auto& places = arrangement.value().places;
  Folding folding(graph, arrangement.value());
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (isScale(*places[i].node)) folding.fold(i);
  }
  return folding.finish();
}

}  // namespace spiq
