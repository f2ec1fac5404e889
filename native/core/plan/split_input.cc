#include "core/plan/split_input.h"

namespace spiq {

Result<Graph> splitInput(const Graph& graph, const SimulationOptions& options) {
  const Result<Arrangement> arranged = arrange(graph);
  if (!arranged.ok()) return arranged.status();
  const Arrangement& order = arranged.value();
  const std::int64_t bias = options.biasAsObservation ? 1 : 0;
  const std::int64_t plain = order.inputSize() - bias;
  if (plain < 1) {
    return mismatch(Code::Shape, "inputs of the network",
                    "one for the bias observation and at least one more",
                    std::to_string(order.inputSize()));
  }
  if (!options.twoInputNeurons) return graph;
  const std::vector<std::size_t> users = order.users(0);
  const Node* first = users.size() == 1 ? order.places[users.front()].node : nullptr;
  if (first == nullptr || first->as<DenseNode>() == nullptr) {
    return mismatch(Code::Unsupported, "two input neurons",
                    "a fully connected layer, and nothing else, right behind the input",
                    first == nullptr ? "several nodes" : first->label());
  }
  Graph split = graph;
  const auto bodyOf = [&](const Node* node) -> NodeBody& {
    return split.nodes[static_cast<std::size_t>(node - graph.nodes.data())].body;
  };
  bodyOf(order.places.front().node) = InputNode{{2 * plain + bias}};
  const Tensor& given = first->as<DenseNode>()->weight;
  Tensor weight{{given.shape[0], 2 * plain + bias}, {}};
  for (auto row = given.data.begin(); row != given.data.end(); row += plain + bias) {
    weight.data.insert(weight.data.end(), row, row + plain);
    for (std::int64_t i = 0; i < plain; ++i) weight.data.push_back(-row[i]);
    weight.data.insert(weight.data.end(), row + plain, row + plain + bias);
  }
  std::get<DenseNode>(bodyOf(first)).weight = std::move(weight);
  return split;
}

}  // namespace spiq
