#pragma once

#include "core/convert/refine/draft.h"
#include "core/convert/refine/trial.h"

namespace spiq {

// Trains the weights, biases and initial potentials of a converted chain of dense layers to act as
// its float network does: with x a row, q(x) the float network's outputs and o(x) the spiking one's
// per step,
//
//   minimise  mean over x of  cross entropy( softmax(q(x) / tau), softmax(o(x) / tau) ),
//
// tau a small share of the median gap between the two best outputs, so that the loss is about the
// action. The forward pass is the simulation itself; the gradient takes a rate for the clipped sum
// that it stands for: d rate / d sum = 1 where either lies between its limits (a straight-through
// estimator, Bengio et al., "Estimating or Propagating Gradients Through Stochastic Neurons",
// 2013; with rates, Wu et al., "A Tandem Learning Rule", IEEE TNNLS 2021). Adam (Kingma and Ba,
// ICLR 2015), rate falling as a cosine to 0. What is most similar on the calibration rows is kept,
// the start included.
//
// The outputs then lack the part that all have in common, which softmax does not see: a fit of the
// mean output gives it back, the same numbers added to every output's weights and bias.
//
// `wanted`: the float network's outputs on the rows.
Status tune(Draft& draft, const std::vector<std::string>& denseNodes,
            const std::vector<double>& wanted, const CalibrationRows& rows, const Trial& trial);

double tuneWork(std::size_t rows, std::int64_t steps);

}  // namespace spiq
