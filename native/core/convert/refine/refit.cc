#include "core/convert/refine/refit.h"

#include <algorithm>
#include <limits>

#include "core/convert/refine/fitting.h"
#include "core/convert/refine/mean_error.h"
#include "core/convert/refine/row_weights.h"
#include "core/convert/refine/twins.h"

namespace spiq {

namespace {

// Rows to fit to, and as many others to choose by.
constexpr std::size_t kMostRows = 6000;
// The same with bursts, whose simulation costs more and whose rounding matters less.
constexpr std::size_t kMostBurstRows = 1500;
constexpr std::size_t kParts = 3;
constexpr RefitSetting kOne{0.999, kAllAlike, kAllAlike};
constexpr RefitSetting kAll[] = {{0.99, kAllAlike, kAllAlike},
                                 {0.995, kAllAlike, kAllAlike},
                                 kOne,
                                 {1, kAllAlike, kAllAlike},
                                 {0.99, 0.05, 0.5},
                                 {0.995, 0.05, 0.5},
                                 {0.999, 0.05, 0.5},
                                 {1, 0.05, 0.5}};

// Every row from `first` on in steps of `parts`, or as many as are enough.
CalibrationRows part(const RefitInput& input, std::size_t first, std::size_t parts) {
  const CalibrationRows& rows = input.rows;
  const std::size_t most = input.neurons.burst == 1 ? kMostRows : kMostBurstRows;
  // Too few rows to spare some: all serve for both.
  const bool few = rows.count() < kParts * kParts;
  const std::size_t stride = std::max(few ? 1 : parts, (rows.count() + most - 1) / most);
  return {rows.width, takeRows(rows.values, rows.width,
                               everyOther(rows.count(), few ? 0 : first, stride, most))};
}

Result<RefitSource> sourceOf(const RefitInput& input, const Trial& trial) {
  RefitSource source;
  source.graph = input.prepared;
  const auto arrangement = arrange(source.graph);
  if (!arrangement.ok()) return arrangement.status();
  source.sites = sitesOf(arrangement.value());
  source.dense = denseSites(source.graph, arrangement.value(), source.sites);
  // A unit is silent if no row at all activates it.
  const auto all = trial.activations(source.graph, input.rows);
  if (!all.ok()) return all.status();
  Twinned twinned = withTwins(source.graph, source.sites, source.dense, all.value());
  source.graph = std::move(twinned.graph);
  source.phases = std::move(twinned.phases);
  source.rows = part(input, 0, isDenseChain(source.dense, source.sites) ? kParts : 1);
  auto activations = trial.activations(source.graph, source.rows);
  if (!activations.ok()) return activations.status();
  source.activations = activations.take();
  return source;
}

}  // namespace

Result<Draft> refit(const RefitInput& input, const Trial& trial) {
  const auto source = sourceOf(input, trial);
  if (!source.ok()) return source.status();
  if (!isDenseChain(source.value().dense, source.value().sites))
    return fitLayers(input, source.value(), trial, kOne);
  const CalibrationRows others = part(input, 1, kParts);
  const auto wanted = trial.activations(input.prepared, others);
  if (!wanted.ok()) return wanted.status();
  const auto width = static_cast<std::size_t>(source.value().sites.back().units);
  Draft best;
  double most = -std::numeric_limits<double>::infinity();
  for (const RefitSetting& setting : kAll) {
    auto draft = fitLayers(input, source.value(), trial, setting);
    if (!draft.ok()) return draft;
    const auto outputs = trial.outputs(draft.value().graph, others);
    if (!outputs.ok()) return outputs.status();
    const double reached = similarity(outputs.value(), wanted.value().back(), width);
    if (reached <= most) continue;
    most = reached;
    best = draft.take();
  }
  return best;
}

double refitWork(const Graph& prepared, std::size_t rows, std::int64_t steps) {
  const auto arrangement = arrange(prepared).take();
  const std::vector<Site> sites = sitesOf(arrangement);
  const bool chain = isDenseChain(denseSites(prepared, arrangement, sites), sites);
  const double used = static_cast<double>(std::min(kMostRows, chain ? rows / kParts + 1 : rows));
  const double runs = chain ? std::size(kAll) * static_cast<double>(sites.size())
                            : static_cast<double>(meanErrorRuns(sites));
  return runs * used * static_cast<double>(steps);
}

}  // namespace spiq
