#include "core/convert/to_spiking.h"

#include <algorithm>

#include "core/convert/free_name.h"

namespace spiq {

namespace {

// A negative input of x is to give slope * |x| negative spikes: each stands for 1 / slope of it
// (Kim et al., "Spiking-YOLO", AAAI 2020).
constexpr double kNever = 1e30;

double negativeFor(double slope) {
  return slope == 0 ? kNever : 1.0 / slope;
}

Result<NeuronNode> neuronsFor(const Node& node, const NeuronSpec& spec) {
  const ReluNode& relu = *node.as<ReluNode>();
  NeuronNode neuron;
  neuron.spec = spec;
  if (const double most = spec.threshold * spec.burst; relu.cap && *relu.cap < most) {
    return mismatch(Code::Unsupported, node.label(),
                    "a cap of at least " + showNumber(most) +
                        ", which neurons have anyway (convert scales others)",
                    showNumber(*relu.cap));
  }
  if (!relu.leaks()) return neuron;
  double least = relu.slope;
  neuron.spec.ternary = true;
  neuron.spec.negative = negativeFor(relu.slope);
  if (relu.slopes) {
    least = *std::min_element(relu.slopes->data.begin(), relu.slopes->data.end());
    neuron.spec.negative = 1;
    neuron.negatives = relu.slopes;
    for (float& value : neuron.negatives->data) value = static_cast<float>(negativeFor(value));
  }
  if (least >= 0) return neuron;
  return mismatch(Code::Unsupported, node.label(),
                  "slopes from 0 for spiking neurons (train with others, or fold the sign into the "
                  "next layer)",
                  showNumber(least));
}

}  // namespace

Result<Graph> toSpiking(const Graph& graph, const NeuronSpec& spec) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  if (arrangement.value().isSpiking()) return graph;

  Graph spiking = graph;
  for (Node& node : spiking.nodes) {
    if (node.as<BatchNormNode>() != nullptr) {
      return mismatch(Code::Unsupported, node.label(), "a network with batch norms folded",
                      "one that is not");
    }
    if (node.as<ReluNode>() == nullptr) continue;
    Result<NeuronNode> neurons = neuronsFor(node, spec);
    if (!neurons.ok()) return neurons.status();
    node.body = neurons.take();
    if (node.name == spiking.outputs.front()) std::get<NeuronNode>(node.body).spec.initial = 0;
  }
  const Node& last = *arrangement.value().places[arrangement.value().output].node;
  if (last.as<ReluNode>() == nullptr) {
    const std::string name = freeName(graph, "readout");
    NeuronNode readout{spec};
    readout.spec.initial = 0;
    spiking.nodes.push_back({name, readout});
    spiking.edges.push_back({last.name, name});
    spiking.outputs = {name};
  }
  const Status status = arrange(spiking).status();
  if (!status.ok()) return status;
  return spiking;
}

}  // namespace spiq
