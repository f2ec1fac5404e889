#pragma once

#include "core/convert/refine/refit.h"

namespace spiq {

// What is made of a converted network by simulating it on calibration rows.
enum class Refinement : std::uint8_t { BiasShift, Potentials, Refit, Tune };

struct Refined {
  Graph graph;
  std::vector<Scales> scales;
};

// Of neurons that fire up to k times a step a spike stands for a k-th part of the given scales.
// Sets control.total for the whole. Tuning is refused by name for anything but a chain of dense
// layers with plain ReLUs.
Result<Refined> refine(Refinement refinement, const RefitInput& given, const Trial& trial);

}  // namespace spiq
