#include "core/learn/loss.h"

#include <algorithm>
#include <cmath>
#include <string>

namespace spiq {

namespace {

bool comparesValues(LossKind kind) {
  return kind == LossKind::Mse || kind == LossKind::Huber || kind == LossKind::ClippedError;
}

bool needsActions(LossKind kind) {
  return kind == LossKind::CrossEntropy || kind == LossKind::PolicyGradient ||
         kind == LossKind::SpikeCount;
}

bool needsTargets(LossKind kind) {
  return comparesValues(kind) || kind == LossKind::WeightedSum;
}

Status checkSize(const char* what, std::size_t expected, std::size_t received) {
  if (received == expected) return {};
  return mismatch(Code::Shape, what, std::to_string(expected) + " values",
                  std::to_string(received));
}

Status checkActions(View<const std::int32_t> actions, std::size_t width) {
  for (std::size_t row = 0; row < actions.size; ++row) {
    const std::int32_t action = actions[row];
    if (action >= 0 && static_cast<std::size_t>(action) < width) continue;
    return mismatch(Code::Range, "actions or labels element " + std::to_string(row),
                    "a whole number from 0 to " + std::to_string(width - 1),
                    std::to_string(action));
  }
  return {};
}

template <class Real>
class Evaluation {
 public:
  Evaluation(const Loss<Real>& loss, const Real* outputs, std::size_t rows, std::size_t width,
             Real* gradient)
      : loss_(loss), outputs_(outputs), rows_(rows), width_(width), gradient_(gradient) {}

  double run() {
    if (loss_.kind == LossKind::WeightedSum) return weightedSum();
    if (comparesValues(loss_.kind)) return loss_.actions.size == 0 ? allValues() : takenActions();
    if (loss_.kind == LossKind::SpikeCount) return counts();
    return logarithms();
  }

 private:
  double weightOf(std::size_t row) const {
    return loss_.weights.size == 0 ? 1.0 : static_cast<double>(loss_.weights[row]);
  }

  // Sets the derivative of an output whose share of the mean is `share`; its part of the loss.
  double compare(std::size_t at, double target, double share) {
    const ErrorTerm term =
        errorTerm(loss_.kind, static_cast<double>(outputs_[at]) - target, loss_.limit);
    gradient_[at] = static_cast<Real>(share * term.slope);
    return share * term.loss;
  }

  double allValues() {
    double sum = 0.0;
    const double share = 1.0 / static_cast<double>(rows_ * width_);
    for (std::size_t at = 0; at < rows_ * width_; ++at)
      sum += compare(at, static_cast<double>(loss_.targets[at]), share * weightOf(at / width_));
    return sum;
  }

  double takenActions() {
    double sum = 0.0;
    std::fill_n(gradient_, rows_ * width_, Real(0));
    const double share = 1.0 / static_cast<double>(rows_);
    for (std::size_t row = 0; row < rows_; ++row) {
      const std::size_t at = row * width_ + static_cast<std::size_t>(loss_.actions[row]);
      sum += compare(at, static_cast<double>(loss_.targets[row]), share * weightOf(row));
    }
    return sum;
  }

  double counts() {
    double sum = 0.0;
    const double share = 1.0 / static_cast<double>(rows_ * width_);
    for (std::size_t at = 0; at < rows_ * width_; ++at) {
      const std::size_t row = at / width_;
      const bool correct = at % width_ == static_cast<std::size_t>(loss_.actions[row]);
      sum += compare(at, correct ? loss_.correct : loss_.wrong, share * weightOf(row));
    }
    return sum;
  }

  double weightedSum() {
    double sum = 0.0;
    for (std::size_t at = 0; at < rows_ * width_; ++at) {
      const double factor = weightOf(at / width_) * static_cast<double>(loss_.targets[at]);
      sum += factor * static_cast<double>(outputs_[at]);
      gradient_[at] = static_cast<Real>(factor);
    }
    return sum;
  }

  double logarithms() {
    double sum = 0.0;
    for (std::size_t row = 0; row < rows_; ++row) {
      double share = weightOf(row) / static_cast<double>(rows_);
      if (loss_.kind == LossKind::PolicyGradient) share *= static_cast<double>(loss_.returns[row]);
      sum += share * negativeLogLikelihood(row, share);
    }
    return sum;
  }

  // Less the largest output, no exponential overflows.
  double negativeLogLikelihood(std::size_t row, double share) {
    const Real* values = outputs_ + row * width_;
    Real* gradient = gradient_ + row * width_;
    const auto most = static_cast<double>(*std::max_element(values, values + width_));
    double total = 0.0;
    for (std::size_t i = 0; i < width_; ++i)
      total += std::exp(static_cast<double>(values[i]) - most);
    const double logTotal = std::log(total);
    const auto action = static_cast<std::size_t>(loss_.actions[row]);
    for (std::size_t i = 0; i < width_; ++i) {
      const double probability = std::exp(static_cast<double>(values[i]) - most - logTotal);
      gradient[i] = static_cast<Real>(share * (probability - (i == action ? 1.0 : 0.0)));
    }
    return logTotal - (static_cast<double>(values[action]) - most);
  }

  const Loss<Real>& loss_;
  const Real* outputs_;
  std::size_t rows_;
  std::size_t width_;
  Real* gradient_;
};

}  // namespace

ErrorTerm errorTerm(LossKind kind, double error, double limit) {
  const double cut = std::clamp(error, -limit, limit);
  if (kind == LossKind::Huber) return {cut * (error - 0.5 * cut), cut};
  if (kind == LossKind::ClippedError) return {0.5 * error * error, cut};
  return {error * error, 2.0 * error};
}

template <class Real>
Status checkLoss(const Loss<Real>& loss, std::size_t rows, std::size_t width) {
  const bool taken = needsActions(loss.kind) || loss.actions.size != 0;
  const bool onePerRow = comparesValues(loss.kind) && taken;
  Status checks[] = {
      needsTargets(loss.kind)
          ? checkSize("targets", onePerRow ? rows : rows * width, loss.targets.size)
          : Status(),
      taken ? checkSize("actions or labels", rows, loss.actions.size) : Status(),
      loss.kind == LossKind::PolicyGradient ? checkSize("returns", rows, loss.returns.size)
                                            : Status(),
      loss.weights.size == 0 ? Status() : checkSize("weights", rows, loss.weights.size)};
  for (Status& check : checks) {
    if (!check.ok()) return std::move(check);
  }
  if (const Status status = checkActions(loss.actions, width); !status.ok()) return status;
  if (const Status status = checkFinite(loss.targets, "targets"); !status.ok()) return status;
  if (const Status status = checkFinite(loss.returns, "returns"); !status.ok()) return status;
  return checkFinite(loss.weights, "weights");
}

template <class Real>
double evaluateLoss(const Loss<Real>& loss, const Real* outputs, std::size_t rows,
                    std::size_t width, Real* gradient) {
  return Evaluation<Real>(loss, outputs, rows, width, gradient).run();
}

template Status checkLoss<float>(const Loss<float>&, std::size_t, std::size_t);
template Status checkLoss<double>(const Loss<double>&, std::size_t, std::size_t);
template double evaluateLoss<float>(const Loss<float>&, const float*, std::size_t, std::size_t,
                                    float*);
template double evaluateLoss<double>(const Loss<double>&, const double*, std::size_t, std::size_t,
                                     double*);

}  // namespace spiq
