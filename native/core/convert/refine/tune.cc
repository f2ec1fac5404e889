#include "core/convert/refine/tune.h"

#include <algorithm>
#include <cmath>

#include "base/philox.h"
#include "core/convert/refine/mean_output.h"
#include "core/convert/refine/rate_network.h"
#include "core/convert/refine/row_weights.h"

namespace spiq {

namespace {

constexpr int kSteps = 3000;
constexpr std::size_t kBatch = 512;
constexpr int kWarmUp = 50;
constexpr int kLookEvery = 100;
// Adam's rate times T: a step of it moves a spike count by a part of one.
constexpr double kRate = 0.4;
// Share of the median gap.
constexpr double kTemperature = 0.03;
// How far beyond its limits a sum still moves its rate.
constexpr float kMargin = 0.1F;
constexpr std::uint64_t kSeed = 0;

void softmax(const double* from, double factor, std::size_t size, double* to) {
  const double most = *std::max_element(from, from + size);
  double sum = 0;
  for (std::size_t i = 0; i < size; ++i) sum += to[i] = std::exp((from[i] - most) * factor);
  for (std::size_t i = 0; i < size; ++i) to[i] /= sum;
}

// The rows as the first layer is given them.
CalibrationRows takenIn(const Graph& graph, CalibrationRows rows) {
  for (const Node& node : graph.nodes) {
    const auto* input = node.as<InputNode>();
    if (input == nullptr || !input->changesValues()) continue;
    const std::size_t each = rows.width / static_cast<std::size_t>(input->shape[0]);
    for (std::size_t i = 0; i < rows.values.size(); ++i) {
      const std::size_t channel = i % rows.width / each;
      if (input->factor) rows.values[i] *= input->factor->data[channel];
      if (input->offset) rows.values[i] += input->offset->data[channel];
    }
  }
  return rows;
}

class Tuning {
 public:
  Tuning(Draft& draft, const std::vector<std::string>& denseNodes,
         const std::vector<double>& wanted, const CalibrationRows& rows, const Trial& trial)
      : draft_(draft),
        wanted_(wanted),
        rows_(rows),
        trial_(trial),
        width_(wanted.size() / rows.count()),
        temperature_(temperatureOf(wanted, width_)),
        taken_(takenIn(draft.graph, rows)),
        network_(draft, denseNodes, taken_, temperature_),
        random_(kSeed, Stream::Tuning, 0) {
    goals_.resize(wanted.size());
    for (std::size_t row = 0; row < rows.count(); ++row)
      softmax(&wanted[row * width_], 1.0 / temperature_, width_, &goals_[row * width_]);
  }

  Status run() {
    Draft best = draft_;
    auto most = reached();
    if (!most.ok()) return most.status();
    for (int step = 0; step < kSteps; ++step) {
      if (Status status = advance(step); !status.ok()) return status;
      network_.writeTo(draft_);
      if ((step + 1) % kLookEvery != 0) continue;
      const auto now = reached();
      if (!now.ok()) return now.status();
      if (now.value() <= most.value()) continue;
      most = now;
      best = draft_;
    }
    draft_ = std::move(best);
    return {};
  }

 private:
  static double temperatureOf(const std::vector<double>& wanted, std::size_t width) {
    const double gap = median(outputGaps(wanted, width));
    return kTemperature * (gap > 0 ? gap : 1.0);
  }

  Result<double> reached() const {
    const auto outputs = trial_.outputs(draft_.graph, rows_);
    if (!outputs.ok()) return outputs.status();
    return similarity(outputs.value(), wanted_, width_);
  }

  std::vector<std::size_t> draw(int step) const {
    std::vector<std::size_t> drawn;
    while (drawn.size() < kBatch) {
      const auto quad = static_cast<std::uint32_t>(drawn.size() / 4);
      for (const std::uint32_t number : random_.quad24(quad, static_cast<std::uint32_t>(step)))
        drawn.push_back(static_cast<std::size_t>(std::uint64_t{number} * rows_.count() >> 24));
    }
    return drawn;
  }

  Status advance(int step) {
    const std::vector<std::size_t> drawn = draw(step);
    std::vector<Batch> rates{Batch(kBatch, rows_.width)};
    std::vector<float> observations(kBatch * rows_.width);
    for (std::size_t b = 0; b < kBatch; ++b) {
      for (std::size_t i = 0; i < rows_.width; ++i) {
        const std::size_t at = drawn[b] * rows_.width + i;
        observations[b * rows_.width + i] = static_cast<float>(rows_.values[at]);
        rates.front().row(b)[i] = network_.standardised(taken_.values[at], i);
      }
    }
    auto layers = trial_.all(draft_.graph, observations, kBatch);
    if (!layers.ok()) return layers.status();
    for (auto& values : layers.value()) {
      Batch batch;
      batch.rows = kBatch;
      batch.units = values.size() / kBatch;
      batch.values = std::move(values);
      rates.push_back(std::move(batch));
    }
    learn(step, drawn, rates);
    return {};
  }

  // The loss's slope along the outputs.
  Batch outputErrors(const std::vector<std::size_t>& drawn, const Batch& outputs) const {
    Batch errors(kBatch, width_);
    std::vector<double> given(width_);
    std::vector<double> share(width_);
    for (std::size_t b = 0; b < kBatch; ++b) {
      std::copy_n(outputs.row(b), width_, given.begin());
      softmax(given.data(), network_.outputUnit(), width_, share.data());
      for (std::size_t o = 0; o < width_; ++o) {
        errors.row(b)[o] =
            static_cast<float>((share[o] - goals_[drawn[b] * width_ + o]) / double{kBatch});
      }
    }
    return errors;
  }

  void learn(int step, const std::vector<std::size_t>& drawn, const std::vector<Batch>& rates) {
    const double warm = std::min(1.0, (step + 1.0) / kWarmUp);
    const double cosine = 0.5 * (1 + std::cos(3.14159265358979323846 * step / kSteps));
    const double rate = kRate / static_cast<double>(trial_.steps) * cosine * warm;
    std::vector<RateLayer>& layers = network_.layers();
    Batch errors = outputErrors(drawn, rates.back());
    for (std::size_t l = layers.size(); l-- > 0;) {
      const auto gradient = gradientOf(layers[l], rates[l], errors, trial_.control);
      if (l > 0) {
        errors = errorsBefore(layers[l], errors, trial_.control);
        hold(errors, rates[l], sumsOf(layers[l - 1], rates[l - 1], trial_.control));
      }
      adamStep(layers[l], gradient, rate, step + 1, l + 1 < layers.size());
    }
  }

  // No error passes a unit that is at its limit and whose sum is beyond it, too.
  void hold(Batch& errors, const Batch& rates, const Batch& sums) const {
    const auto most = static_cast<float>(network_.burst());
    for (std::size_t i = 0; i < errors.values.size(); ++i) {
      const float rate = rates.values[i];
      const float sum = sums.values[i];
      const bool moves = (rate > 0 || sum > 0) && (rate < most || sum < most);
      if (!moves || sum <= -kMargin || sum >= most + kMargin) errors.values[i] = 0;
    }
  }

  Draft& draft_;
  const std::vector<double>& wanted_;
  const CalibrationRows& rows_;
  const Trial& trial_;
  std::size_t width_;
  double temperature_;
  CalibrationRows taken_;
  RateNetwork network_;
  UniformSource random_;
  std::vector<double> goals_;
};

}  // namespace

Status tune(Draft& draft, const std::vector<std::string>& denseNodes,
            const std::vector<double>& wanted, const CalibrationRows& rows, const Trial& trial) {
  Status status = Tuning(draft, denseNodes, wanted, rows, trial).run();
  if (!status.ok() || denseNodes.size() < 2) return status;
  return restoreMeanOutput(draft, denseNodes.back(), wanted, rows, trial);
}

double tuneWork(std::size_t rows, std::int64_t steps) {
  const double looked = (double{kSteps} / kLookEvery + 1) * static_cast<double>(rows);
  return (kSteps * static_cast<double>(kBatch) + looked) * static_cast<double>(steps);
}

}  // namespace spiq
