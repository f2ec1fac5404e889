#pragma once

#include <memory>
#include <vector>

#include "core/graph/graph.h"
#include "core/learn/gradient_pieces.h"
#include "core/learn/parameter.h"
#include "core/learn/training_options.h"
#include "core/plan/control.h"

namespace spiq {

template <class Real>
class Backend;

// What the Poisson encoding draws for: observation `firstObservation` + row of a seed.
struct TrainingDraw {
  std::uint64_t seed = 0;
  std::uint64_t firstObservation = 0;
};

// A network in training: its forward pass, which is the simulator's or the float pass's own, bit
// for bit, and the gradients of its parameters. One call at a time.
template <class Real>
class TrainingPass {
 public:
  static Result<std::unique_ptr<TrainingPass>> compile(const Graph& graph,
                                                       const TrainingOptions& options,
                                                       const Backend<Real>& backend);
  ~TrainingPass();

  std::int64_t inputs() const;
  std::int64_t outputs() const;
  const std::vector<Parameter<Real>>& parameters() const;
  // After values were changed from outside.
  void parametersChanged();

  // Outputs [row][output] in the user's order. `keep`: what `backward` needs is kept.
  Status forward(View<const Real> observations, std::size_t rows, const TrainingDraw& draw,
                 bool keep, Real* outputs, Control& control);
  // Sets every parameter's gradient from that of each output, of the rows of the last forward, or
  // `postpones` those of large matrices: they are made of `pieces`.
  Status backward(View<const Real> outputGradients, Control& control, bool postpones = false);
  const std::vector<GradientPieces<Real>>& pieces() const;

  // The graph that was given, with the values of now.
  Graph graph() const;
  // The gradients of the last `backward` as the graph's nodes have their fields.
  std::vector<NamedValues<Real>> gradients() const;

 private:
  struct Parts;
  explicit TrainingPass(std::unique_ptr<Parts> parts);

  std::unique_ptr<Parts> parts_;
};

}  // namespace spiq
