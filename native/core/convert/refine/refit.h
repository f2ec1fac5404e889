#pragma once

#include <vector>

#include "core/convert/refine/draft.h"
#include "core/convert/refine/trial.h"

namespace spiq {

struct RefitInput {
  const Graph& prepared;
  const std::vector<Scales>& scales;  // for the sites that are not fitted
  NeuronSpec neurons;
  std::optional<MaxPools> maxPools;
  const CalibrationRows& rows;
};

// Layer by layer, what the network built so far really fires on calibration rows is what the next
// dense layer is fitted to: with rates r of the layer before (each worth s) and the float network's
// sums z,
//
//   hidden:   min over W, b of  sum_n w_n ( max(0, z_n) - (W (s r_n) + b) )^2,  rows where either
//             is positive;
//   read-out: min over W, b of  sum_n w_n | z_n - (W (s r_n) + b) |^2,
//
// each with a ridge towards the float network's weights: layer-wise reconstruction as in Li et al.
// (ICML 2021) and Nagel et al., "Up or Down? Adaptive Rounding" (ICML 2020), in closed form. A
// unit's scale spans the percentiles p and 1 - p of its activations; where the lower one is above
// 0, its spikes stand for the part above only, and the bias of the next layer holds the rest.
// Silent units become twins before (twins.h).
//
// Of a chain of dense layers, eight settings (p and the rows' weights) are fitted to a third of the
// rows and the one that is most similar to the float network on another third is kept. In other
// networks the dense layers that read a plain ReLU of at most kMostFitted units are fitted (one
// setting); all others have the given scales and shifted biases (mean_error.h).
constexpr std::int64_t kMostFitted = 2048;

Result<Draft> refit(const RefitInput& input, const Trial& trial);

// About how many steps of a row it simulates, for progress.
double refitWork(const Graph& prepared, std::size_t rows, std::int64_t steps);

}  // namespace spiq
