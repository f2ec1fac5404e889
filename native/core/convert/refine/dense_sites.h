#pragma once

#include <vector>

#include "core/convert/sites.h"

namespace spiq {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);

// A site whose sums come from one dense layer that leads nowhere else.
struct DenseSite {
  std::size_t dense = kNone;  // among the graph's nodes; kNone: the sums come from elsewhere
  std::size_t from = kNone;   // the site that it reads, through nothing but changes of shape
  bool alone = false;         // whether nothing else reads that site
  bool readsInput = false;    // likewise

  bool isDense() const { return dense != kNone; }
  bool readsSite() const { return isDense() && from != kNone; }
};

// One for each site.
using DenseSites = std::vector<DenseSite>;

DenseSites denseSites(const Graph& graph, const Arrangement& arrangement,
                      const std::vector<Site>& sites);

// The site that alone reads `site` through a dense layer, or kNone.
std::size_t readerOf(const DenseSites& dense, std::size_t site);

// Whether the network is nothing but dense layers with plain ReLUs between them.
bool isDenseChain(const DenseSites& dense, const std::vector<Site>& sites);

}  // namespace spiq
