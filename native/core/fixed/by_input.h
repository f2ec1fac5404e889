#pragma once

#include <cstdint>
#include <vector>

#include "core/fixed/chip_spec.h"

namespace spiq {

// Connections by the input that they come from, in ascending order of inputs.
template <class Weight>
struct ByInput {
  std::vector<std::size_t> starts;  // of each input, and the end
  std::vector<std::uint32_t> to;
  std::vector<Weight> weights;

  template <class Use>
  void of(std::size_t input, const Use& use) const {
    for (std::size_t c = starts[input]; c < starts[input + 1]; ++c) use(to[c], weights[c]);
  }
};

// Weights of 0 are left out.
ByInput<double> byInput(const ChipLayerSpec& layer, std::size_t inputs);

}  // namespace spiq
