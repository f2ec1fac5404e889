#include "core/convert/refine/mean_output.h"

#include "core/convert/refine/layer_fit.h"

namespace spiq {

namespace {

// Of `wanted` the mean over outputs.
std::vector<double> meanOutputs(const std::vector<double>& wanted, std::size_t width) {
  std::vector<double> means(wanted.size() / width);
  for (std::size_t i = 0; i < wanted.size(); ++i)
    means[i / width] += wanted[i] / static_cast<double>(width);
  return means;
}

}  // namespace

Status restoreMeanOutput(Draft& draft, const std::string& lastDense,
                         const std::vector<double>& wanted, const CalibrationRows& rows,
                         const Trial& trial) {
  const std::size_t hidden = draft.sites.size() - 2;
  auto rates = trial.rates(draft.graph, draft.neurons(hidden), rows);
  if (!rates.ok()) return rates.status();
  auto& dense = std::get<DenseNode>(draft.node(lastDense).body);
  const auto inputs = static_cast<std::size_t>(dense.inputs());
  const auto outputs = static_cast<std::size_t>(dense.outputs());
  const double unit = draft.scales.back().front();
  if (!dense.bias) dense.bias = Tensor{{dense.outputs()}, std::vector<float>(outputs)};
  std::vector<float>& biases = dense.bias->data;
  LayerFit mean{inputs, 1, std::vector<double>(inputs), {0.0}};
  for (std::size_t i = 0; i < dense.weight.data.size(); ++i)
    mean.weight[i % inputs] += dense.weight.data[i] * unit / static_cast<double>(outputs);
  for (const float bias : biases) mean.bias[0] += bias * unit / static_cast<double>(outputs);
  LayerFit fitted = mean;
  fitSums(fitted, {rows.count(), rates.take(), meanOutputs(wanted, outputs),
                   std::vector<double>(rows.count(), 1.0)});
  for (std::size_t i = 0; i < dense.weight.data.size(); ++i) {
    dense.weight.data[i] +=
        static_cast<float>((fitted.weight[i % inputs] - mean.weight[i % inputs]) / unit);
  }
  for (float& bias : biases) bias += static_cast<float>((fitted.bias[0] - mean.bias[0]) / unit);
  return {};
}

}  // namespace spiq
