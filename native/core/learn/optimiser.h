#pragma once

#include <vector>

#include "backend/backend.h"
#include "base/aligned.h"
#include "core/learn/gradient_pieces.h"
#include "core/learn/optimiser_options.h"
#include "core/learn/parameter.h"
#include "core/plan/control.h"
#include "core/sim/state_bytes.h"

namespace spiq {

// Moves parameters by their gradients. The result is the same whatever the number of threads.
template <class Real>
class Optimiser {
 public:
  // What `parameters` view and the back end must outlive it.
  Optimiser(const OptimiserOptions& options, const std::vector<Parameter<Real>>& parameters,
            const Backend<Real>& backend);

  // Whether gradients may be used before all of them are there.
  bool takesPieces() const;
  // Refuses gradients that are not finite, and changes nothing then. Those of parameters with
  // `pieces` are made on the way.
  Status step(Control& control, const std::vector<GradientPieces<Real>>& pieces = {});

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
  static constexpr std::size_t kMost = 16384;  // values; fixed, so that threads change no sum
  struct Block {
    Moved<Real> moved;
    bool decays;  // whether weight decay applies
    std::size_t parameter;
  };
  // Of the step being made: what weight decay applies to, and the rest.
  struct Step {
    MoveParams<Real> decaying;
    MoveParams<Real> others;
  };

  Step stepOf(double scale) const;
  MoveParams<Real> paramsOf(double scale) const;
  // Marks what is left to be made while it is used, and makes the rest.
  void postpone(const std::vector<GradientPieces<Real>>& pieces, Control& control);
  // Moves what the pieces are of; returns the sum of their squares.
  double move(const GradientPieces<Real>& pieces, std::vector<double>& squares, const Step& step,
              Control& control);

  OptimiserOptions options_;
  const Backend<Real>& backend_;
  std::vector<AlignedVector<Real>> memory_;  // of each moment, all values one after the other
  std::vector<Block> blocks_;
  std::vector<std::size_t> firstBlock_;  // of each parameter
  std::vector<bool> postponed_;          // of each, in the step being made
  std::vector<std::vector<double>> pieceSquares_;
  std::vector<double> squares_;  // of each block
  std::uint64_t updates_ = 0;
  double norm_ = 0.0;
};

// How many running quantities a kind keeps for each value.
std::size_t momentsOf(const OptimiserOptions& options);

}  // namespace spiq
