#pragma once

#include <array>
#include <vector>

#include "base/aligned.h"
#include "core/learn/optimiser_options.h"
#include "core/learn/parameter.h"
#include "core/plan/control.h"
#include "core/sim/state_bytes.h"

namespace spiq {

// Neighbouring values with their gradients and what is remembered of earlier ones.
template <class Real>
struct OptimiserBlock {
  static constexpr std::size_t kMost = 16384;  // values; fixed, so that threads change no sum
  static constexpr std::size_t kMoments = 3;

  Real* values;
  const Real* gradient;
  std::array<Real*, kMoments> moments;
  std::size_t size;
  Real least;
  Real most;
  bool decays;  // whether weight decay applies
};

// Moves parameters by their gradients. The result is the same whatever the number of threads.
template <class Real>
class Optimiser {
 public:
  // The spans of `parameters` must outlive it.
  Optimiser(const OptimiserOptions& options, const std::vector<Parameter<Real>>& parameters);

  // Refuses gradients that are not finite, and changes nothing then.
  Status step(Control& control);

  // Made so far.
  std::uint64_t updates() const { return updates_; }
  // Of the next update.
  double learningRate() const { return options_.learningRate.at(updates_); }
  // Norm of all gradients of the last update, cut by value, before they were scaled.
  double gradientNorm() const { return norm_; }
  std::size_t moments() const { return memory_.size(); }

  // What is remembered, into bytes or out of them.
  void exchange(StateBytes& bytes);
  // Whether what was read can be gone on with.
  bool sound() const;

 private:
  void moveAll(Control& control);

  OptimiserOptions options_;
  std::vector<AlignedVector<Real>> memory_;  // of each moment, all values one after the other
  std::vector<OptimiserBlock<Real>> blocks_;
  std::vector<double> squares_;  // of each block
  std::uint64_t updates_ = 0;
  double norm_ = 0.0;
};

// How many running quantities a kind keeps for each value.
std::size_t momentsOf(const OptimiserOptions& options);

}  // namespace spiq
