#pragma once

#include <vector>

#include "core/sim/state_bytes.h"
#include "core/sim/workspace.h"

namespace spiq {

// Reads the output layer of one row while it runs.
template <class Real>
class Decoder {
 public:
  Decoder(Decoding decoding, const Layout& layout);

  // Whether potentials of every step are needed.
  static bool watches(Decoding decoding) {
    return decoding == Decoding::MeanPotential || decoding == Decoding::MaxPotential;
  }

  void start();
  // After a chunk: how many of its steps belong to the run, all or, with the first spike, fewer.
  int see(Workspace<Real>& workspace, const Plan<Real>& plan, std::size_t row, const Chunk& chunk);
  // After a single step of a chunk, where every step is looked at.
  void seeStep(Workspace<Real>& workspace, const Plan<Real>& plan, std::size_t row,
               const Chunk& chunk, int step);
  // Potentials of so many steps, one behind the other.
  void seePotentials(const Real* potentials, int steps);
  void exchange(StateBytes& bytes);
  bool known() const { return decoding_ == Decoding::FirstSpike && seen_; }
  // Writes the decoded outputs in the user's order; `first_spike` without a spike gives NaN.
  void finish(const Real* potential, std::int64_t steps, Real* out) const;

 private:
  void count(const WordView& spikes, std::uint32_t used);

  Decoding decoding_;
  Layout layout_;
  std::vector<double> values_;  // over the steps so far
  bool seen_ = false;
};

}  // namespace spiq
