#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/graph/graph.h"

namespace spiq {

// What carries values between two weighted layers without a ReLU.
enum class LinearLayers : std::uint8_t {
  Spikes,  // signed neurons, so that nothing but spikes runs between layers
  Values   // nothing: the sums of each step are passed on as they are
};

// A graph in the form in which neurons can take their places: no batch norms, no plain ReLU at the
// end (an output is read from potentials, which have no such bound), vectors' linear layers merged
// and, with LinearLayers::Spikes, a ReLU of slope 1 (which is the identity) behind every weighted
// layer that another one reads directly. Computes what `graph` does but for that last ReLU.
Result<Graph> prepare(const Graph& graph, LinearLayers linear);

// A place where neurons are to stand: a ReLU, or the output where that is none.
struct Site {
  std::size_t place;
  std::string name;  // of the ReLU, or of the node that gives the output
  bool readout;      // gives the output
  std::int64_t channels;
  std::int64_t units;
  // The largest entry of the weights and biases whose sums come here.
  double largestParameter;
  std::optional<double> cap;
  bool leaks;
};

// In the order of the arrangement, the output last.
std::vector<Site> sitesOf(const Arrangement& arrangement);

}  // namespace spiq
