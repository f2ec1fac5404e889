#pragma once

#include <vector>

#include "core/convert/refine/dense_sites.h"
#include "core/convert/refine/refit.h"

namespace spiq {

// What may differ from one fit to the next: the percentile that scales span, and how rows count for
// scales and for hidden layers (gapWeights).
struct RefitSetting {
  double percentile;
  double scaleGap;
  double hiddenGap;
};

// The prepared network with its twins, what it gives on the rows to fit to, and what ties its
// sites.
struct RefitSource {
  Graph graph;
  std::vector<Site> sites;
  DenseSites dense;
  std::vector<std::vector<double>> phases;
  CalibrationRows rows;
  std::vector<std::vector<double>> activations;

  bool isFitted(std::size_t site) const {
    if (!dense[site].readsSite() || sites[site].leaks) return false;
    return !sites[dense[site].from].leaks && layer(site).inputs() <= kMostFitted;
  }
  // Whether the site's spikes may stand for the part of the activations above a constant.
  bool isOffset(std::size_t site) const {
    const std::size_t reader = readerOf(dense, site);
    if (!dense[site].isDense() || sites[site].leaks) return false;
    if (reader == kNone || !isFitted(reader)) return false;
    return dense[site].readsInput || isFitted(site);
  }
  const DenseNode& layer(std::size_t site) const {
    return *graph.nodes[dense[site].dense].as<DenseNode>();
  }
};

// One pass over the layers, in order: scales, then each layer fitted to what arrives there.
Result<Draft> fitLayers(const RefitInput& input, const RefitSource& source, const Trial& trial,
                        const RefitSetting& setting);

}  // namespace spiq
