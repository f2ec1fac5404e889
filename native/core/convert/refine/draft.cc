#include "core/convert/refine/draft.h"

#include <algorithm>

#include "core/convert/to_spiking.h"
#include "core/graph/weighted.h"

namespace spiq {

namespace {

Tensor perChannel(const std::vector<double>& values) {
  Tensor tensor{{static_cast<std::int64_t>(values.size())}, {}};
  tensor.data.assign(values.begin(), values.end());
  return tensor;
}

void addTo(std::optional<Tensor>& tensor, const std::vector<double>& amounts) {
  if (!tensor) tensor = perChannel(std::vector<double>(amounts.size()));
  for (std::size_t i = 0; i < amounts.size(); ++i)
    tensor->data[i] = static_cast<float>(static_cast<double>(tensor->data[i]) + amounts[i]);
}

}  // namespace

const std::string& Draft::neurons(std::size_t site) const {
  return sites[site].readout ? graph.outputs.front() : sites[site].name;
}

bool Draft::isCompared(std::size_t site) const {
  return sites[site].readout || sites[site].name != graph.outputs.front();
}

Node& Draft::node(const std::string& name) {
  return *std::find_if(graph.nodes.begin(), graph.nodes.end(),
                       [&](const Node& node) { return node.name == name; });
}

void Draft::addInput(std::size_t site, const std::vector<double>& amounts) {
  const std::string name = neurons(site);
  const auto into = std::find_if(graph.edges.begin(), graph.edges.end(),
                                 [&](const Edge& edge) { return edge.to == name; });
  const std::string source = into->from;
  const auto readers = std::count_if(graph.edges.begin(), graph.edges.end(),
                                     [&](const Edge& edge) { return edge.from == source; });
  Node& before = node(source);
  if (readers == 1) {
    if (withWeights(before, [&](auto& body) { addTo(body.bias, amounts); })) return;
    if (auto* scale = std::get_if<ScaleNode>(&before.body)) {
      addTo(scale->offset, amounts);
      return;
    }
  }
  ScaleNode shift;
  shift.factor = perChannel(std::vector<double>(amounts.size(), 1.0));
  shift.offset = perChannel(amounts);
  const std::string between = source + " shifted for " + name;
  into->from = between;
  graph.edges.push_back({source, between, 0});
  graph.nodes.push_back({between, shift});
}

std::vector<double> Draft::initials(std::size_t site) {
  const auto& neuron = *node(neurons(site)).as<NeuronNode>();
  if (neuron.initials) return {neuron.initials->data.begin(), neuron.initials->data.end()};
  return std::vector<double>(static_cast<std::size_t>(sites[site].channels), neuron.spec.initial);
}

void Draft::setInitials(std::size_t site, const std::vector<double>& initials) {
  std::get<NeuronNode>(node(neurons(site)).body).initials = perChannel(initials);
}

Result<Draft> draftOf(const Graph& prepared, const std::vector<Scales>& scales,
                      const NeuronSpec& neurons, std::optional<MaxPools> maxPools) {
  const auto arrangement = arrange(prepared);
  if (!arrangement.ok()) return arrangement.status();
  auto normalised = normalise(prepared, scales);
  if (!normalised.ok()) return normalised.status();
  Result<Graph> spiking = toSpiking(normalised.value().graph, neurons);
  if (spiking.ok() && maxPools) spiking = withMaxPools(spiking.value(), *maxPools);
  if (!spiking.ok()) return spiking.status();
  return Draft{spiking.take(), sitesOf(arrangement.value()), std::move(normalised.value().scales)};
}

}  // namespace spiq
