#pragma once

#include <cstdint>
#include <vector>

namespace spiq {

// Sampled transitions, row after row. `discounts` is gamma^n where what follows n steps later is
// worth something and 0 where the task ended on the way.
struct ReplayBatch {
  std::vector<float> states;
  std::vector<std::int32_t> actions;
  std::vector<float> returns;  // discounted rewards of n steps
  std::vector<float> nextStates;
  std::vector<float> discounts;
  std::vector<float> weights;  // importance weights, 1 under uniform sampling
  std::vector<float> probabilities;
  std::vector<std::int64_t> indices;  // by which priorities are set
};

}  // namespace spiq
