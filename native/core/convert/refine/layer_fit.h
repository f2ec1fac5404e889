#pragma once

#include <cstddef>
#include <vector>

#include "core/plan/control.h"

namespace spiq {

// A dense layer in the float network's units.
struct LayerFit {
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::vector<double> weight;  // [output][input]
  std::vector<double> bias;
};

// What a layer really receives and what it should sum to, of each row, and how much the row counts.
struct FitRows {
  std::size_t count = 0;
  std::vector<double> inputs;   // [row][input]
  std::vector<double> targets;  // [row][output]: the float network's sums
  std::vector<double> counts;   // [row]
};

// Ridge regression (Hoerl and Kennard, Technometrics 1970) of targets on inputs, drawn towards the
// weights that `layer` has.
void fitSums(LayerFit& layer, const FitRows& rows);

// The same for neurons, which pass on max(0, sum) only: a row counts for a unit where its target or
// its present sum is positive, and max(0, target) is wanted there. Repeated, since the fit changes
// who counts. Units that are active on hardly any row keep their weights.
void fitRectified(LayerFit& layer, const FitRows& rows, Control& control);

}  // namespace spiq
