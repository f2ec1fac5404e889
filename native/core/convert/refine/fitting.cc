#include "core/convert/refine/fitting.h"

#include <algorithm>

#include "core/convert/refine/layer_fit.h"
#include "core/convert/refine/mean_error.h"
#include "core/convert/refine/row_weights.h"

namespace spiq {

namespace {

// Activations that span less are as good as constant.
constexpr double kLeastSpan = 1e-9;
// Of the read-out, in median gaps.
constexpr double kOutputGap = 0.2;

class Fitting {
 public:
  Fitting(const RefitInput& input, const RefitSource& source, const Trial& trial,
          const RefitSetting& setting)
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
    const std::size_t from = source_.dense[site].from;
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
      return mismatch(
          Code::Unsupported, "max pools before the neurons '" + draft.neurons(from) + "'",
          "'gated' or 'average' with a method that simulates the network", "'before-neurons'");
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
    const std::size_t from = source_.dense[site].from;
    const Scales& before = draft.scales[from];
    const Scales& own = draft.scales[site];
    const std::size_t positions = layer.inputs / before.size();
    auto& dense =
        std::get<DenseNode>(draft.node(source_.graph.nodes[source_.dense[site].dense].name).body);
    dense.bias = Tensor{{dense.outputs()}, std::vector<float>(layer.outputs)};
    for (std::size_t o = 0; o < layer.outputs; ++o) {
      const double offset = offsets_[site].empty() ? 0.0 : offsets_[site][o];
      dense.bias->data[o] = static_cast<float>((layer.bias[o] - offset) / own[o]);
      for (std::size_t i = 0; i < layer.inputs; ++i) {
        dense.weight.data[o * layer.inputs + i] =
            static_cast<float>(layer.weight[o * layer.inputs + i] * before[i / positions] / own[o]);
      }
    }
  }

  void shiftBy(Draft& draft, std::size_t site) {
    std::vector<double> amounts(offsets_[site]);
    for (std::size_t u = 0; u < amounts.size(); ++u) amounts[u] /= -draft.scales[site][u];
    draft.addInput(site, amounts);
  }

  const RefitInput& input_;
  const RefitSource& source_;
  const Trial& trial_;
  const RefitSetting& setting_;
  std::vector<double> gaps_;
  std::vector<std::vector<double>> offsets_;  // by site and unit, empty where there are none
};

}  // namespace

Result<Draft> fitLayers(const RefitInput& input, const RefitSource& source, const Trial& trial,
                        const RefitSetting& setting) {
  return Fitting(input, source, trial, setting).run();
}

}  // namespace spiq
