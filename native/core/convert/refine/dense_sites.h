#pragma once

#include <optional>
#include <vector>

#include "core/convert/sites.h"

namespace spiq {

// A site whose sums come from one dense layer that leads nowhere else.
struct DenseSite {
  std::size_t dense;                // among the graph's nodes
  std::optional<std::size_t> from;  // the site that it reads, through nothing but changes of shape
  bool alone = false;               // whether nothing else reads that site
  bool readsInput = false;          // likewise
};

// For each site; none where its sums come from elsewhere.
using DenseSites = std::vector<std::optional<DenseSite>>;

DenseSites denseSites(const Graph& graph, const Arrangement& arrangement,
                      const std::vector<Site>& sites);

// The site that alone reads `site` through a dense layer.
std::optional<std::size_t> readerOf(const DenseSites& dense, std::size_t site);

// Whether the network is nothing but dense layers with plain ReLUs between them.
bool isDenseChain(const DenseSites& dense, const std::vector<Site>& sites);

}  // namespace spiq
