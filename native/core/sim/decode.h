#pragma once

#include <vector>

#include "core/plan/simulation_options.h"
#include "core/sim/spike_store.h"

namespace spiq {

// Reads the output layer while it runs. `everyStep` tells which decodings must see each step by
// itself.
template <class Real>
class Decoder {
 public:
  Decoder(Decoding decoding, std::size_t outputs);

  static bool everyStep(Decoding decoding) {
    return decoding == Decoding::FirstSpike || decoding == Decoding::MeanPotential ||
           decoding == Decoding::MaxPotential;
  }

  void start();
  // After a block (or, with everyStep, a step); returns true when the answer is known and the run
  // may end.
  bool see(const Real* potential, const SpikeBlock& spikes);
  // Writes the decoded outputs; `first_spike` without a spike gives NaN.
  void finish(const Real* potential, std::int64_t steps, Real* out) const;

 private:
  Decoding decoding_;
  std::vector<double> values_;  // sums over many steps
  bool seen_ = false;
};

}  // namespace spiq
