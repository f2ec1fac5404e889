#pragma once

#include <cstdint>

#include "base/shape.h"

namespace spiq {

// What a network's outputs are held against. `e` is an output less its target; means are over all
// outputs, or, where a row names one output (`actions`), over the rows.
// - Mse: e^2
// - Huber: e^2 / 2 where |e| <= limit, else limit (|e| - limit / 2)  (Huber, "Robust estimation of
// a
//   location parameter", 1964)
// - ClippedError: e^2 / 2, but its derivative is e cut to +-limit  (Mnih et al., Nature 518, 2015)
// - CrossEntropy: -log softmax(outputs)[action], of the rows the mean
// - PolicyGradient: the same times the row's return  (Williams, "Simple statistical
//   gradient-following algorithms for connectionist reinforcement learning", 1992)
// - SpikeCount: as Mse, targets being `correct` for the output that `actions` names and `wrong` for
//   the others  (Shrestha and Orchard, "SLAYER", NeurIPS 2018)
// - WeightedSum: outputs times `targets`, summed: of any other loss, whose derivatives they are,
// the
//   gradients
enum class LossKind : std::uint8_t {
  Mse,
  Huber,
  ClippedError,
  CrossEntropy,
  PolicyGradient,
  SpikeCount,
  WeightedSum
};

template <class Real>
struct Loss {
  LossKind kind = LossKind::Mse;
  View<const Real> targets;  // [row][output]; [row] of Mse, Huber, ClippedError with actions
  View<const std::int32_t> actions;  // [row], outputs or labels
  View<const Real> returns;          // [row]
  View<const Real> weights;          // [row], of each row's share; empty: 1
  double limit = 1.0;
  double correct = 0.0;
  double wrong = 0.0;
};

// Whether it fits so many rows and outputs, with numbers that are finite.
template <class Real>
Status checkLoss(const Loss<Real>& loss, std::size_t rows, std::size_t width);

// The loss, and its derivative after each output. Sums are in double, row after row.
template <class Real>
double evaluateLoss(const Loss<Real>& loss, const Real* outputs, std::size_t rows,
                    std::size_t width, Real* gradient);

// Of one error: its part of the loss and its derivative.
struct ErrorTerm {
  double loss;
  double slope;
};
ErrorTerm errorTerm(LossKind kind, double error, double limit);

}  // namespace spiq
