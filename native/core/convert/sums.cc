#include "core/convert/sums.h"

#include <algorithm>

#include "core/graph/weighted.h"

namespace spiq {

namespace {

void collect(const Arrangement& arrangement, std::size_t index, std::vector<bool>& seen,
             std::vector<const Node*>& found) {
  const Arrangement::Place& place = arrangement.places[index];
  if (seen[index] || place.node->as<ReluNode>() != nullptr) return;
  seen[index] = true;
  if (isWeighted(*place.node) || place.node->as<ScaleNode>() != nullptr) {
    found.push_back(place.node);
    return;
  }
  for (const auto& source : place.sources) collect(arrangement, source.place, seen, found);
}

}  // namespace

std::vector<const Node*> sumsInto(const Arrangement& arrangement, std::size_t index) {
  std::vector<bool> seen(arrangement.places.size());
  std::vector<const Node*> found;
  if (arrangement.places[index].node->as<ReluNode>() == nullptr) {
    collect(arrangement, index, seen, found);
    return found;
  }
  for (const auto& source : arrangement.places[index].sources)
    collect(arrangement, source.place, seen, found);
  return found;
}

double largestParameter(const Node& node) {
  double largest = 0;
  withWeights(node, [&](const auto& body) {
    const auto& weights = body.weight.data;
    largest = *std::max_element(weights.begin(), weights.end());
    if (!body.bias) return;
    const auto& bias = body.bias->data;
    largest = std::max<double>(largest, *std::max_element(bias.begin(), bias.end()));
  });
  return largest;
}

double largestPositiveSum(const Node& node) {
  double largest = 0;
  withWeights(node, [&](const auto& body) {
    std::vector<double> sums(static_cast<std::size_t>(body.outputs()));
    for (std::size_t o = 0; body.bias && o < sums.size(); ++o)
      sums[o] = std::max(body.bias->data[o], 0.0F);
    const Wiring wiring(body);
    for (std::size_t e = 0; e < body.weight.data.size(); ++e)
      sums[wiring.at(e).output] += std::max(body.weight.data[e], 0.0F);
    largest = *std::max_element(sums.begin(), sums.end());
  });
  return largest;
}

}  // namespace spiq
