#include "core/graph/graph.h"

namespace spiq {

const char* Node::kind() const {
  return std::visit([](const auto& body) { return body.kind; }, body);
}

std::string Node::label() const {
  return std::string(kind()) + " node '" + name + "'";
}

namespace {

std::int64_t product(const Shape& shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  return count;
}

}  // namespace

std::int64_t Chain::inputSize() const {
  return product(shapes.front());
}

std::int64_t Chain::outputSize() const {
  return product(shapes.back());
}

bool Chain::isSpiking() const {
  for (const Node* node : nodes) {
    if (std::holds_alternative<NeuronNode>(node->body) ||
        std::holds_alternative<AccumulatorNode>(node->body)) {
      return true;
    }
  }
  return false;
}

}  // namespace spiq
