#pragma once

#include <algorithm>
#include <cmath>
#include <memory>
#include <vector>

#include "core/learn/loss.h"
#include "core/learn/optimiser.h"
#include "core/learn/training_pass.h"

namespace spiq {

struct LearnerOptions {
  TrainingOptions training;
  OptimiserOptions optimiser;
  std::uint64_t seed = 0;  // of the Poisson encoding
};

// Whether all values are where they may be, and finite.
template <class Real>
bool isSound(const Parameter<Real>& parameter) {
  const Real* begin = parameter.values.data;
  return std::all_of(begin, begin + parameter.values.size, [&](Real value) {
    return std::isfinite(value) && static_cast<double>(value) >= parameter.least &&
           static_cast<double>(value) <= parameter.most;
  });
}

// A network that learns: its pass, the optimiser, and how much it has seen. One call at a time. An
// update that is refused or cancelled changes nothing.
template <class Real>
class Learner {
 public:
  static Result<std::unique_ptr<Learner>> make(const Graph& graph, const LearnerOptions& options,
                                               const Backend<Real>& backend);

  std::int64_t inputs() const { return pass_->inputs(); }
  std::int64_t outputs() const { return pass_->outputs(); }
  const std::vector<Parameter<Real>>& parameters() const { return pass_->parameters(); }

  Status forward(View<const Real> observations, std::size_t rows, const TrainingDraw& draw,
                 Real* outputs, Control& control);
  // One update towards a smaller loss, which it gives as it was before.
  Result<double> update(View<const Real> observations, std::size_t rows, const Loss<Real>& loss,
                        Control& control);
  // Outputs, loss and every parameter's gradient, as the next update would find them.
  Result<double> differentiate(View<const Real> observations, std::size_t rows,
                               const Loss<Real>& loss, Control& control);
  // For a loss that the caller makes of the outputs: first these, kept for what follows.
  Status observe(View<const Real> observations, std::size_t rows, Control& control);
  View<const Real> observed() const { return {outputs_.data(), outputs_.size()}; }
  // Then, with its derivatives after them, the update.
  Status learn(View<const Real> outputGradients, Control& control);

  Graph graph() const { return pass_->graph(); }
  // As the graph's nodes have their fields, after `differentiate`.
  std::vector<NamedValues<Real>> gradients() const { return pass_->gradients(); }

  std::uint64_t updates() const { return optimiser_.updates(); }
  // Observations learned from.
  std::uint64_t seen() const { return observations_; }
  double learningRate() const { return optimiser_.learningRate(); }
  double gradientNorm() const { return optimiser_.gradientNorm(); }

  // In bytes and out of them; bytes that are refused change nothing.
  std::vector<std::uint8_t> save();
  Status restore(const std::uint8_t* bytes, std::size_t size);

  // Values, what the optimiser remembers, and counters.
  void exchange(StateBytes& bytes);
  // Whether what was read can be gone on with.
  bool sound() const;
  // Of what the bytes must be for: the network but for its values, and the optimiser.
  std::uint64_t fingerprint() const { return fingerprint_; }

  std::size_t bytes() const;

 private:
  Result<double> differentiate(View<const Real> observations, std::size_t rows,
                               const Loss<Real>& loss, Control& control, bool postpones);
  Learner(const Graph& graph, std::unique_ptr<TrainingPass<Real>> pass,
          const LearnerOptions& options, const Backend<Real>& backend)
      : pass_(std::move(pass)),
        options_(options),
        optimiser_(options.optimiser, pass_->parameters(), backend),
        fingerprint_(fingerprintOf(graph)) {}
  std::uint64_t fingerprintOf(const Graph& graph) const;

  std::unique_ptr<TrainingPass<Real>> pass_;
  LearnerOptions options_;
  Optimiser<Real> optimiser_;
  std::uint64_t fingerprint_;
  std::uint64_t observations_ = 0;
  std::size_t rows_ = 0;  // of the outputs kept
  std::vector<Real> outputs_;
  std::vector<Real> outputGradients_;
};

}  // namespace spiq
