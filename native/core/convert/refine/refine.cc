#include "core/convert/refine/refine.h"

#include "core/convert/refine/dense_sites.h"
#include "core/convert/refine/mean_error.h"
#include "core/convert/refine/tune.h"

namespace spiq {

namespace {

// Rows that the simulation of a network's mean errors looks at, and all activations of the rows
// that are kept at once.
constexpr std::size_t kMeanRows = 6000;
constexpr std::size_t kMostActivations = std::size_t{1} << 25;  // 256 MiB

Result<Draft> shifted(Refinement refinement, const RefitInput& input, const Trial& trial) {
  auto draft = draftOf(input.prepared, input.scales, input.neurons, input.maxPools);
  if (!draft.ok()) return draft;
  const auto activations = trial.activations(input.prepared, input.rows);
  if (!activations.ok()) return activations.status();
  const auto shift = refinement == Refinement::BiasShift ? shiftBiases : shiftPotentials;
  if (Status status = shift(draft.value(), activations.value(), input.rows, trial); !status.ok())
    return status;
  return draft;
}

Result<std::vector<std::string>> chainOf(const Graph& prepared, const std::vector<Site>& sites,
                                         const Arrangement& arrangement) {
  const DenseSites dense = denseSites(prepared, arrangement, sites);
  if (isDenseChain(dense, sites)) {
    std::vector<std::string> names;
    for (const DenseSite& site : dense) names.push_back(prepared.nodes[site.dense].name);
    return names;
  }
  std::string odd;
  for (std::size_t s = 0; s < sites.size() && odd.empty(); ++s) {
    if (!dense[s].isDense() || sites[s].leaks || (s == 0 && !dense[s].readsInput))
      odd = sites[s].name;
  }
  return mismatch(Code::Unsupported, "method 'tuned'",
                  "a chain of dense layers with plain ReLUs between them (method 'refit' takes "
                  "others)",
                  odd.empty() ? "branches" : "something else before '" + odd + "'");
}

Result<Draft> tuned(const RefitInput& input, const std::vector<std::string>& chain,
                    const Trial& trial) {
  auto draft = refit(input, trial);
  if (!draft.ok()) return draft;
  const auto wanted = trial.activations(input.prepared, input.rows);
  if (!wanted.ok()) return wanted.status();
  Status status = tune(draft.value(), chain, wanted.value().back(), input.rows, trial);
  if (!status.ok()) return status;
  return draft;
}

CalibrationRows spread(const CalibrationRows& rows, std::size_t most) {
  const std::size_t stride = (rows.count() + most - 1) / most;
  return {rows.width, takeRows(rows.values, rows.width, everyOther(rows.count(), 0, stride, most))};
}

}  // namespace

Result<Refined> refine(Refinement refinement, const RefitInput& given, const Trial& trial) {
  const auto arrangement = arrange(given.prepared);
  if (!arrangement.ok()) return arrangement.status();
  const std::vector<Site> sites = sitesOf(arrangement.value());
  const auto chain = chainOf(given.prepared, sites, arrangement.value());
  if (refinement == Refinement::Tune && !chain.ok()) return chain.status();
  const bool onlyMeans =
      refinement == Refinement::BiasShift || refinement == Refinement::Potentials;
  std::size_t units = 1;
  for (const Site& site : sites) units += static_cast<std::size_t>(site.units);
  std::size_t most = std::max<std::size_t>(1, kMostActivations / units);
  if (onlyMeans) most = std::min(most, kMeanRows);
  const CalibrationRows rows = spread(given.rows, most);
  std::vector<Scales> scales = given.scales;
  for (Scales& each : scales) {
    for (double& scale : each) scale /= given.neurons.burst;
  }
  const RefitInput input{given.prepared, scales, given.neurons, given.maxPools, rows};

  Control& control = trial.control;
  double work = onlyMeans ? static_cast<double>(meanErrorRuns(sites)) *
                                static_cast<double>(rows.count()) * static_cast<double>(trial.steps)
                          : refitWork(input.prepared, rows.count(), trial.steps);
  if (refinement == Refinement::Tune) work += tuneWork(rows.count(), trial.steps);
  control.total = static_cast<std::uint64_t>(work);
  control.spansRuns = true;
  const auto make = [&] {
    if (onlyMeans) return shifted(refinement, input, trial);
    return refinement == Refinement::Refit ? refit(input, trial)
                                           : tuned(input, chain.value(), trial);
  };
  auto draft = make();
  if (!draft.ok()) return draft.status();
  // The total was an estimate.
  control.total = control.done.load();
  return Refined{std::move(draft.value().graph), std::move(draft.value().scales)};
}

}  // namespace spiq
