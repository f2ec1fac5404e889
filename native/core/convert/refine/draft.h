#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/convert/max_pools.h"
#include "core/convert/normalise.h"

namespace spiq {

// A spiking network whose parameters are still being found, and its ties to the float network.
struct Draft {
  Graph graph;
  std::vector<Site> sites;     // of the prepared graph
  std::vector<Scales> scales;  // of each site as many as it has channels

  // Of the node that stands at a site.
  const std::string& neurons(std::size_t site) const;
  // Whether what the site's neurons pass on is compared with the float network: a ReLU that gives
  // the output is not, since under most decodings its neurons do not fire.
  bool isCompared(std::size_t site) const;
  Node& node(const std::string& name);

  // Adds a number a channel to what the neurons of a site receive in every step: to the bias before
  // them where that leads to them alone, with a scale node elsewhere.
  void addInput(std::size_t site, const std::vector<double>& amounts);
  // Their potentials before the first step, in thresholds.
  std::vector<double> initials(std::size_t site);
  void setInitials(std::size_t site, const std::vector<double>& initials);
};

// Scaled, with neurons in the ReLUs' places.
Result<Draft> draftOf(const Graph& prepared, const std::vector<Scales>& scales,
                      const NeuronSpec& neurons, std::optional<MaxPools> maxPools);

}  // namespace spiq
