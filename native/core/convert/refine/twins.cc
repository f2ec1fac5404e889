#include "core/convert/refine/twins.h"

#include <algorithm>
#include <cmath>

namespace spiq {

namespace {

struct Range {
  double least = 0;
  double most = 0;
};

std::vector<Range> rangesOf(const std::vector<double>& activations, std::size_t units) {
  std::vector<Range> ranges(units);
  for (std::size_t u = 0; u < units; ++u) ranges[u] = {activations[u], activations[u]};
  for (std::size_t i = 0; i < activations.size(); ++i) {
    Range& range = ranges[i % units];
    range.least = std::min(range.least, activations[i]);
    range.most = std::max(range.most, activations[i]);
  }
  return ranges;
}

// What an error of each unit does to what reads it.
std::vector<double> outgoing(const DenseNode& reader, bool onlyDifferences) {
  const auto inputs = static_cast<std::size_t>(reader.inputs());
  const auto outputs = static_cast<std::size_t>(reader.outputs());
  std::vector<double> norms(inputs);
  for (std::size_t i = 0; i < inputs; ++i) {
    double mean = 0;
    for (std::size_t o = 0; onlyDifferences && o < outputs; ++o)
      mean += reader.weight.data[o * inputs + i] / static_cast<double>(outputs);
    for (std::size_t o = 0; o < outputs; ++o)
      norms[i] += std::pow(reader.weight.data[o * inputs + i] - mean, 2);
    norms[i] = std::sqrt(norms[i]);
  }
  return norms;
}

// For each unit the one whose activation it is to have.
std::vector<std::size_t> shareOut(const std::vector<Range>& ranges,
                                  const std::vector<double>& norms) {
  const std::size_t units = ranges.size();
  std::vector<std::size_t> model(units);
  std::vector<double> copies(units, 1);
  for (std::size_t u = 0; u < units; ++u) model[u] = u;
  for (std::size_t u = 0; u < units; ++u) {
    if (ranges[u].most > 0) continue;
    std::size_t best = u;
    double worth = 0;
    for (std::size_t live = 0; live < units; ++live) {
      const double gain = (ranges[live].most - ranges[live].least) * norms[live] / copies[live];
      if (ranges[live].most <= 0 || gain <= worth) continue;
      worth = gain;
      best = live;
    }
    model[u] = best;
    if (best != u) ++copies[best];
  }
  return model;
}

// Gives the units of `own` the rows of their models; returns their phases.
std::vector<double> copyUnits(DenseNode& own, DenseNode& reader,
                              const std::vector<std::size_t>& model) {
  const DenseNode before = own;
  const DenseNode readerBefore = reader;
  const auto inputs = static_cast<std::size_t>(own.inputs());
  const std::size_t units = model.size();
  std::vector<double> phases(units);
  std::vector<std::size_t> seen(units);
  for (std::size_t u = 0; u < units; ++u) {
    const auto copies = static_cast<double>(std::count(model.begin(), model.end(), model[u]));
    std::copy_n(&before.weight.data[model[u] * inputs], inputs, &own.weight.data[u * inputs]);
    if (own.bias) own.bias->data[u] = before.bias->data[model[u]];
    for (std::size_t at = u; at < reader.weight.data.size(); at += units) {
      reader.weight.data[at] =
          static_cast<float>(readerBefore.weight.data[at - u + model[u]] / copies);
    }
    phases[u] = (static_cast<double>(seen[model[u]]++) + 0.5) / copies;
  }
  return phases;
}

}  // namespace

Twinned withTwins(const Graph& prepared, const std::vector<Site>& sites, const DenseSites& dense,
                  const std::vector<std::vector<double>>& activations) {
  Twinned twinned{prepared, std::vector<std::vector<double>>(sites.size())};
  for (std::size_t s = 0; s < sites.size(); ++s) {
    const std::size_t reader = readerOf(dense, s);
    if (!dense[s].isDense() || reader == kNone || sites[s].leaks) continue;
    auto& own = std::get<DenseNode>(twinned.graph.nodes[dense[s].dense].body);
    auto& next = std::get<DenseNode>(twinned.graph.nodes[dense[reader].dense].body);
    const auto ranges = rangesOf(activations[s], static_cast<std::size_t>(sites[s].units));
    const auto model = shareOut(ranges, outgoing(next, sites[reader].readout));
    twinned.phases[s] = copyUnits(own, next, model);
  }
  return twinned;
}

}  // namespace spiq
