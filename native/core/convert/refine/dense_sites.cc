#include "core/convert/refine/dense_sites.h"

#include <algorithm>

namespace spiq {

namespace {

std::size_t siteAt(const std::vector<Site>& sites, std::size_t place) {
  for (std::size_t s = 0; s < sites.size(); ++s) {
    if (sites[s].place == place && !sites[s].readout) return s;
  }
  return kNone;
}

bool changesShape(const Node& node) {
  return node.as<FlattenNode>() != nullptr || node.as<ReshapeNode>() != nullptr;
}

void findSource(const Arrangement& arrangement, const std::vector<Site>& sites, DenseSite& found,
                std::size_t place) {
  found.alone = true;
  for (;;) {
    const auto& source = arrangement.places[place].sources.front();
    if (source.delay != 0) return;
    place = source.place;
    found.alone = found.alone && arrangement.users(place).size() == 1;
    found.from = siteAt(sites, place);
    found.readsInput = arrangement.places[place].node->as<InputNode>() != nullptr;
    if (found.from != kNone || !changesShape(*arrangement.places[place].node)) return;
  }
}

}  // namespace

DenseSites denseSites(const Graph& graph, const Arrangement& arrangement,
                      const std::vector<Site>& sites) {
  DenseSites dense(sites.size());
  for (std::size_t s = 0; s < sites.size(); ++s) {
    std::size_t place = sites[s].place;
    if (!sites[s].readout) {
      const auto& source = arrangement.places[place].sources.front();
      if (source.delay != 0 || arrangement.users(source.place).size() != 1) continue;
      place = source.place;
    }
    const Node* node = arrangement.places[place].node;
    if (node->as<DenseNode>() == nullptr) continue;
    dense[s].dense = static_cast<std::size_t>(node - graph.nodes.data());
    findSource(arrangement, sites, dense[s], place);
  }
  return dense;
}

std::size_t readerOf(const DenseSites& dense, std::size_t site) {
  for (std::size_t s = 0; s < dense.size(); ++s) {
    if (dense[s].readsSite() && dense[s].from == site && dense[s].alone) return s;
  }
  return kNone;
}

bool isDenseChain(const DenseSites& dense, const std::vector<Site>& sites) {
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const bool last = s + 1 == sites.size();
    if (!dense[s].isDense() || sites[s].leaks || sites[s].readout != last) return false;
    if (s == 0 ? !dense[s].readsInput : dense[s].from != s - 1) return false;
    if (!dense[s].alone) return false;
  }
  return true;
}

}  // namespace spiq
