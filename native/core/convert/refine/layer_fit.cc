#include "core/convert/refine/layer_fit.h"

#include <algorithm>

#include "core/convert/refine/moments.h"

namespace spiq {

namespace {

// Of the inputs' mean variance: holds inputs that hardly vary, or vary together, where they are.
constexpr double kRidge = 1e-5;
constexpr int kRounds = 4;
// Positive targets below which a unit's fit would follow single rows.
constexpr std::size_t kLeastActive = 20;

// The inputs around their mean: moments lose the fewest digits there.
struct Centred {
  std::size_t width;
  std::vector<double> mean;
  std::vector<double> rows;

  Centred(const FitRows& from, std::size_t inputs)
      : width(inputs), mean(inputs), rows(from.inputs) {
    for (std::size_t i = 0; i < rows.size(); ++i) mean[i % width] += rows[i];
    for (double& value : mean) value /= static_cast<double>(from.count);
    for (std::size_t i = 0; i < rows.size(); ++i) rows[i] -= mean[i % width];
  }

  const double* row(std::size_t index) const { return &rows[index * width]; }
  // What the weights make of the mean.
  double shift(const double* weight) const {
    double sum = 0;
    for (std::size_t i = 0; i < width; ++i) sum += weight[i] * mean[i];
    return sum;
  }
};

Moments momentsOf(const Centred& inputs, const FitRows& rows, std::size_t outputs, bool rectified) {
  Moments moments(inputs.width, outputs);
  std::vector<double> wanted(outputs);
  for (std::size_t row = 0; row < rows.count; ++row) {
    const double* target = &rows.targets[row * outputs];
    for (std::size_t o = 0; o < outputs; ++o)
      wanted[o] = rectified ? std::max(target[o], 0.0) : target[o];
    moments.add(inputs.row(row), wanted.data(), rows.counts[row]);
  }
  return moments;
}

class RectifiedUnit {
 public:
  RectifiedUnit(LayerFit& layer, std::size_t unit, const FitRows& rows, const Centred& inputs)
      : layer_(layer),
        unit_(unit),
        rows_(rows),
        inputs_(inputs),
        start_(weight(), weight() + layer.inputs) {}

  bool isActive() const {
    std::size_t active = 0;
    for (std::size_t row = 0; row < rows_.count; ++row) active += target(row) > 0 ? 1 : 0;
    return active >= kLeastActive;
  }

  // `moments`: of all rows. Those that do not count have max(0, target) = 0, so taking their inputs
  // away is all there is to do.
  void fit(Moments moments) {
    std::vector<bool> counts(rows_.count, true);
    const double nothing = 0;
    for (int round = 0; round < kRounds; ++round) {
      bool changed = false;
      for (std::size_t row = 0; row < rows_.count; ++row) {
        const bool now = target(row) > 0 || sum(row) > 0;
        if (now == counts[row]) continue;
        moments.add(inputs_.row(row), &nothing, now ? rows_.counts[row] : -rows_.counts[row]);
        counts[row] = now;
        changed = true;
      }
      if (round > 0 && !changed) return;
      double bias = 0;
      if (!moments.fit(kRidge, start_.data(), weight(), &bias)) return;
      layer_.bias[unit_] = bias - inputs_.shift(weight());
    }
  }

 private:
  double* weight() const { return &layer_.weight[unit_ * layer_.inputs]; }
  double target(std::size_t row) const { return rows_.targets[row * layer_.outputs + unit_]; }
  double sum(std::size_t row) const {
    const double* input = &rows_.inputs[row * layer_.inputs];
    double sum = layer_.bias[unit_];
    for (std::size_t i = 0; i < layer_.inputs; ++i) sum += weight()[i] * input[i];
    return sum;
  }

  LayerFit& layer_;
  std::size_t unit_;
  const FitRows& rows_;
  const Centred& inputs_;
  std::vector<double> start_;
};

}  // namespace

void fitSums(LayerFit& layer, const FitRows& rows) {
  const Centred inputs(rows, layer.inputs);
  LayerFit fitted = layer;
  const Moments moments = momentsOf(inputs, rows, layer.outputs, false);
  if (!moments.fit(kRidge, layer.weight.data(), fitted.weight.data(), fitted.bias.data())) return;
  for (std::size_t o = 0; o < layer.outputs; ++o)
    fitted.bias[o] -= inputs.shift(&fitted.weight[o * layer.inputs]);
  layer = std::move(fitted);
}

void fitRectified(LayerFit& layer, const FitRows& rows, Control& control) {
  const Centred inputs(rows, layer.inputs);
  const Moments all = momentsOf(inputs, rows, layer.outputs, true);
  control.pool.run(layer.outputs, control.threads, [&](std::size_t unit, std::size_t /*worker*/) {
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    RectifiedUnit fitting(layer, unit, rows, inputs);
    if (fitting.isActive()) fitting.fit(all.only(unit));
  });
}

}  // namespace spiq
