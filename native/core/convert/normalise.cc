#include "core/convert/normalise.h"

#include <algorithm>

#include "core/graph/weighted.h"

namespace spiq {

namespace {

template <class Body>
double largestParameter(const Body& body) {
  double largest = *std::max_element(body.weight.data.begin(), body.weight.data.end());
  if (body.bias) {
    largest = std::max<double>(largest,
                               *std::max_element(body.bias->data.begin(), body.bias->data.end()));
  }
  return largest;
}

template <class Body>
double largestPositiveSum(const Body& body) {
  std::vector<double> sums(static_cast<std::size_t>(body.outputs()));
  for (std::size_t o = 0; body.bias && o < sums.size(); ++o)
    sums[o] = std::max(body.bias->data[o], 0.0F);
  const Wiring wiring(body);
  for (std::size_t e = 0; e < body.weight.data.size(); ++e)
    sums[wiring.at(e).output] += std::max(body.weight.data[e], 0.0F);
  return *std::max_element(sums.begin(), sums.end());
}

// scale(body, index) of each weighted node in the arrangement's order, refused where it is not
// positive.
template <class Scale>
Result<std::vector<double>> scalesBy(const Graph& graph, const Scale& scale) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  std::vector<double> scales;
  for (const auto& place : arrangement.value().places) {
    double value = 0;
    const auto compute = [&](const auto& body) { value = scale(body, scales.size()); };
    if (!withWeights(*place.node, compute)) continue;
    if (!(value > 0)) {
      return mismatch(Code::Range, "scale of " + place.node->label(),
                      "a number above 0 (some weight, bias or activation must be positive)",
                      showNumber(value));
    }
    scales.push_back(value);
  }
  return scales;
}

// By how much the values of each place are divided.
Result<std::vector<double>> scalesOfPlaces(const Arrangement& arrangement,
                                           const std::vector<double>& scales) {
  std::vector<double> ofPlaces;
  auto next = scales.begin();
  for (const auto& place : arrangement.places) {
    if (place.node->as<BatchNormNode>() != nullptr) {
      return mismatch(Code::Unsupported, place.node->label(), "a network with batch norms folded",
                      "one that is not");
    }
    const auto prompt = std::find_if(place.sources.begin(), place.sources.end(),
                                     [](const auto& source) { return source.delay == 0; });
    const double passed = prompt == place.sources.end() ? 1.0 : ofPlaces[prompt->place];
    ofPlaces.push_back(isWeighted(*place.node) ? *next++ : passed);
  }
  for (const auto& place : arrangement.places) {
    if (place.sources.size() < 2) continue;
    const double first = ofPlaces[place.sources.front().place];
    for (const auto& source : place.sources) {
      if (ofPlaces[source.place] == first) continue;
      return mismatch(Code::Unsupported, place.node->label(),
                      "inputs of one scale (what branches into it must be scaled alike)",
                      "scales " + showNumber(first) + " and " + showNumber(ofPlaces[source.place]));
    }
  }
  return ofPlaces;
}

}  // namespace

Result<std::vector<double>> percentileScales(const Graph& graph, const LayerMaxima& maxima,
                                             double percentile) {
  if (!(percentile > 0 && percentile <= 1)) {
    return mismatch(Code::Range, "percentile", "a number above 0 and at most 1",
                    showNumber(percentile));
  }
  if (maxima.rows == 0) return mismatch(Code::Shape, "calibration rows", "at least one", "none");
  const auto index = static_cast<std::ptrdiff_t>(percentile * static_cast<double>(maxima.rows - 1));
  return scalesBy(graph, [&](const auto& body, std::size_t layer) {
    std::vector<double> column(maxima.rows);
    for (std::size_t row = 0; row < maxima.rows; ++row)
      column[row] = maxima.values[row * maxima.layers + layer];
    std::nth_element(column.begin(), column.begin() + index, column.end());
    return std::max(largestParameter(body), column[static_cast<std::size_t>(index)]);
  });
}

Result<std::vector<double>> modelScales(const Graph& graph) {
  return scalesBy(graph, [](const auto& body, std::size_t /*layer*/) {
    return std::max(largestParameter(body), largestPositiveSum(body));
  });
}

Result<Graph> normalise(const Graph& graph, const std::vector<double>& scales) {
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  const Result<std::vector<double>> ofPlaces = scalesOfPlaces(arrangement.value(), scales);
  if (!ofPlaces.ok()) return ofPlaces.status();

  Graph scaled = graph;
  const auto multiply = [](Tensor& tensor, double factor) {
    for (float& value : tensor.data)
      value = static_cast<float>(static_cast<double>(value) * factor);
  };
  const auto& places = arrangement.value().places;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const double own = ofPlaces.value()[i];
    Node& node = scaled.nodes[static_cast<std::size_t>(places[i].node - graph.nodes.data())];
    withWeights(node, [&](auto& body) {
      const double before = ofPlaces.value()[places[i].sources.front().place];
      multiply(body.weight, before / own);
      if (body.bias) multiply(*body.bias, 1.0 / own);
    });
    if (auto* scale = std::get_if<ScaleNode>(&node.body); scale != nullptr && scale->offset)
      multiply(*scale->offset, 1.0 / own);
    if (auto* relu = std::get_if<ReluNode>(&node.body); relu != nullptr && relu->cap)
      *relu->cap /= own;
  }
  return scaled;
}

}  // namespace spiq
