#pragma once

#include <vector>

#include "backend/backend.h"

namespace spiq {

// The memory behind a SpikeBlock of at most `steps` steps of `units` units.
class SpikeStore {
 public:
  SpikeStore(std::size_t steps, std::size_t units) : spikes_(steps * units), ends_(steps) {
    block.spikes = spikes_.data();
    block.ends = ends_.data();
  }
  ~SpikeStore() = default;
  SpikeStore(const SpikeStore&) = delete;
  SpikeStore& operator=(const SpikeStore&) = delete;
  SpikeStore(SpikeStore&&) = default;
  SpikeStore& operator=(SpikeStore&&) = default;

  SpikeBlock block;

 private:
  std::vector<Spike> spikes_;
  std::vector<std::size_t> ends_;
};

}  // namespace spiq
