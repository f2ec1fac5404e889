#include <algorithm>

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

std::int64_t Arrangement::inputSize() const {
  return product(places.front().shape);
}

std::int64_t Arrangement::outputSize() const {
  return product(places[output].shape);
}

bool Arrangement::isSpiking() const {
  return std::any_of(places.begin(), places.end(), [](const Place& place) {
    return place.node->as<NeuronNode>() != nullptr || place.node->as<AccumulatorNode>() != nullptr;
  });
}

bool Arrangement::isRecurrent() const {
  return std::any_of(places.begin(), places.end(), [](const Place& place) {
    return std::any_of(place.sources.begin(), place.sources.end(),
                       [](const Source& source) { return source.delay != 0; });
  });
}

std::vector<std::size_t> Arrangement::users(std::size_t index) const {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for (const Source& source : places[i].sources) {
      if (source.place == index) found.push_back(i);
    }
  }
  return found;
}

}  // namespace spiq
