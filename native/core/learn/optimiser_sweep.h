#pragma once

#include <cstdint>

#include "core/learn/optimiser.h"

namespace spiq {

// What one update is made of, in double; a sweep rounds it to the values' precision once.
struct OptimiserStep {
  const OptimiserOptions& options;
  double learningRate = 0.0;
  double scale = 1.0;        // of gradients, from their norm
  std::uint64_t update = 1;  // counted from 1
};

// The sum of the squared gradients of a block, each cut to +-clip first: sixteen sums over every
// sixteenth value, which are added in their order, in double.
template <class Real>
double sumOfSquares(const OptimiserBlock<Real>& block, double clip);

// One update of a block.
template <class Real>
void sweep(const OptimiserBlock<Real>& block, const OptimiserStep& step);

}  // namespace spiq
