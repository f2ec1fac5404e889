#include "core/convert/refine/refit.h"

#include <algorithm>

#include "core/convert/refine/layer_fit.h"
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
// Activations that span less are as good as constant.
constexpr double kLeastSpan = 1e-9;
// Of the read-out, in median gaps.
constexpr double kOutputGap = 0.2;

struct Setting {
  double percentile;
  double scaleGap;
  double hiddenGap;
};
constexpr Setting kOne{0.999, kAllAlike, kAllAlike};
constexpr Setting kAll[] = {
    {0.99, kAllAlike, kAllAlike}, {0.995, kAllAlike, kAllAlike}, kOne, {1, kAllAlike, kAllAlike},
    {0.99, 0.05, 0.5},            {0.995, 0.05, 0.5},            {0.999, 0.05, 0.5}, {1, 0.05, 0.5}};

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

// The prepared network with its twins, what it gives on the rows to fit to, and what ties its sites.
struct Source {
  Graph graph;
  std::vector<Site> sites;
  DenseSites dense;
  std::vector<std::vector<double>> phases;
  CalibrationRows rows;
  std::vector<std::vector<double>> activations;

  bool isFitted(std::size_t site) const {
    if (!dense[site] || !dense[site]->from || sites[site].leaks) return false;
    return !sites[*dense[site]->from].leaks && layer(site).inputs() <= kMostFitted;
  }
  // Whether the site's spikes may stand for the part of the activations above a constant.
  bool isOffset(std::size_t site) const {
    const auto reader = readerOf(dense, site);
    if (!dense[site] || sites[site].leaks || !reader || !isFitted(*reader)) return false;
    return dense[site]->readsInput || isFitted(site);
  }
  const DenseNode& layer(std::size_t site) const {
    return *graph.nodes[dense[site]->dense].as<DenseNode>();
  }
};

class Fitting {
 public:
  Fitting(const RefitInput& input, const Source& source, const Trial& trial, const Setting& setting)
      : input_(input),
        source_(source),
        trial_(trial),
        setting_(setting),
        gaps_(outputGaps(source.activations.back(),
                         static_cast<std::size_t>(source.sites.back().units))),
        offsets_(source.sites.size()) {
    if (gaps_.empty()) gaps_.assign(source.rows.count(), 0);
  }

  Result<Draft> run() {
    auto draft = draftOf(source_.graph, scales(), input_.neurons, input_.maxPools);
    if (!draft.ok()) return draft;
    for (std::size_t s = 0; s < source_.sites.size(); ++s) {
      if (!source_.phases[s].empty()) draft.value().setInitials(s, source_.phases[s]);
    }
    for (std::size_t s = 0; s < source_.sites.size(); ++s) {
      if (Status status = settle(draft.value(), s); !status.ok()) return status;
    }
    return draft;
  }

 private:
  std::vector<Scales> scales() {
    std::vector<Scales> scales = input_.scales;
    const std::vector<double> weights = gapWeights(gaps_, setting_.scaleGap);
    for (std::size_t s = 0; s < scales.size(); ++s) {
      if (!source_.isOffset(s)) continue;
      const auto units = static_cast<std::size_t>(source_.sites[s].units);
      scales[s].assign(units, 1.0);
      offsets_[s].assign(units, 0.0);
      for (std::size_t u = 0; u < units; ++u) {
        const Span span =
            weightedSpan(source_.activations[s], units, u, weights, setting_.percentile);
        const double lower = std::max(span.lower, 0.0);
        if (span.upper - lower <= kLeastSpan) continue;
        scales[s][u] = (span.upper - lower) / input_.neurons.burst;
        offsets_[s][u] = lower;
      }
    }
    return scales;
  }

  // What the site's layer becomes, with all before it settled.
  Status settle(Draft& draft, std::size_t site) {
    if (source_.isFitted(site) && draft.isCompared(site)) {
      auto layer = fit(draft, site);
      if (!layer.ok()) return layer.status();
      write(draft, site, layer.value());
    } else if (!offsets_[site].empty()) {
      shiftBy(draft, site);
    } else {
      return shiftBias(draft, site, source_.activations[site], source_.rows, trial_);
    }
    return {};
  }

  Result<LayerFit> fit(Draft& draft, std::size_t site) {
    const std::size_t from = *source_.dense[site]->from;
    const DenseNode& dense = source_.layer(site);
    LayerFit layer{static_cast<std::size_t>(dense.inputs()),
                   static_cast<std::size_t>(dense.outputs()),
                   {dense.weight.data.begin(), dense.weight.data.end()},
                   std::vector<double>(static_cast<std::size_t>(dense.outputs()))};
    if (dense.bias) layer.bias.assign(dense.bias->data.begin(), dense.bias->data.end());
    const bool readout = source_.sites[site].readout;
    auto rates = trial_.rates(draft.graph, draft.neurons(from), source_.rows);
    if (!rates.ok()) return rates.status();
    if (rates.value().size() != source_.activations[from].size()) {
      return mismatch(Code::Unsupported,
                      "max pools before the neurons '" + draft.neurons(from) + "'",
                      "'gated' or 'average' with a method that simulates the network",
                      "'before-neurons'");
    }
    FitRows rows{source_.rows.count(), rates.take(), targets(layer, from),
                 gapWeights(gaps_, readout ? kOutputGap : setting_.hiddenGap)};
    const std::size_t positions = layer.inputs / draft.scales[from].size();
    for (std::size_t i = 0; i < rows.inputs.size(); ++i)
      rows.inputs[i] *= draft.scales[from][i % layer.inputs / positions];
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      for (std::size_t i = 0; i < offsets_[from].size(); ++i)
        layer.bias[o] += layer.weight[o * layer.inputs + i] * offsets_[from][i];
    }
    if (readout) {
      fitSums(layer, rows);
    } else {
      fitRectified(layer, rows, trial_.control);
    }
    if (Status status = trial_.control.cancelledStatus(); !status.ok()) return status;
    return layer;
  }

  // The float network's sums: of the read-out its outputs, elsewhere what its ReLU was given.
  std::vector<double> targets(const LayerFit& layer, std::size_t from) const {
    const std::vector<double>& inputs = source_.activations[from];
    std::vector<double> sums(source_.rows.count() * layer.outputs);
    trial_.control.pool.run(source_.rows.count(), trial_.control.threads,
                            [&](std::size_t row, std::size_t /*worker*/) {
                              const double* input = &inputs[row * layer.inputs];
                              for (std::size_t o = 0; o < layer.outputs; ++o) {
                                const double* weight = &layer.weight[o * layer.inputs];
                                double sum = layer.bias[o];
                                for (std::size_t i = 0; i < layer.inputs; ++i)
                                  sum += weight[i] * input[i];
                                sums[row * layer.outputs + o] = sum;
                              }
                            });
    return sums;
  }

  void write(Draft& draft, std::size_t site, const LayerFit& layer) {
    const std::size_t from = *source_.dense[site]->from;
    const Scales& before = draft.scales[from];
    const Scales& own = draft.scales[site];
    const std::size_t positions = layer.inputs / before.size();
    auto& dense = std::get<DenseNode>(draft.node(source_.graph.nodes[source_.dense[site]->dense].name).body);
    dense.bias = Tensor{{dense.outputs()}, std::vector<float>(layer.outputs)};
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      const double offset = offsets_[site].empty() ? 0.0 : offsets_[site][o];
      dense.bias->data[o] = static_cast<float>((layer.bias[o] - offset) / own[o]);
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        dense.weight.data[o * layer.inputs + i] = static_cast<float>(
            layer.weight[o * layer.inputs + i] * before[i / positions] / own[o]);
      }
    }
  }

  void shiftBy(Draft& draft, std::size_t site) {
    std::vector<double> amounts(offsets_[site]);
    for (std::size_t u = 0; u < amounts.size(); ++u) amounts[u] /= -draft.scales[site][u];
    draft.addInput(site, amounts);
  }

  const RefitInput& input_;
  const Source& source_;
  const Trial& trial_;
  const Setting& setting_;
  std::vector<double> gaps_;
  std::vector<std::vector<double>> offsets_;  // by site and unit, empty where there are none
};

Result<Source> sourceOf(const RefitInput& input, const Trial& trial) {
  Source source;
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
    return Fitting(input, source.value(), trial, kOne).run();
  const CalibrationRows others = part(input, 1, kParts);
  const auto wanted = trial.activations(input.prepared, others);
  if (!wanted.ok()) return wanted.status();
  const auto width = static_cast<std::size_t>(source.value().sites.back().units);
  std::optional<Draft> best;
  double most = 0;
  for (const Setting& setting : kAll) {
    auto draft = Fitting(input, source.value(), trial, setting).run();
    if (!draft.ok()) return draft;
    const auto outputs = trial.outputs(draft.value().graph, others);
    if (!outputs.ok()) return outputs.status();
    const double reached = similarity(outputs.value(), wanted.value().back(), width);
    if (best && reached <= most) continue;
    most = reached;
    best = draft.take();
  }
  return std::move(*best);
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
