#pragma once

#include <memory>
#include <vector>

#include "core/learn/flow.h"
#include "core/learn/gradient_pieces.h"
#include "core/learn/trained.h"
#include "core/learn/transposed_linear.h"
#include "core/learn/unrolled.h"

namespace spiq {

// The way back through a plan's operations, each over all rows and steps at once: the same result
// on any number of threads.
template <class Real>
class Backward {
 public:
  Backward(const Plan<Real>& plan, const TrainingOptions& options, Trained<Real>& trained,
           Unrolled<Real>& forward);

  // From the gradient of each output [row][output], in the user's order. `postpones`: those of
  // large matrices are left to be made as `pieces`.
  Status run(View<const Real> outputs, bool postpones, Control& control);
  // Good until the next forward pass.
  const std::vector<GradientPieces<Real>>& pieces() const { return pieces_; }
  // After weights were changed.
  void weightsChanged();

 private:
  // Units side by side that go back through the steps together.
  static constexpr std::size_t kUnits = 512;

  void begin(View<const Real> outputs);
  void beginPotentials(std::size_t row, const Real* gradient);
  void beginSpikes(std::size_t row, const Real* gradient);
  int firstMaximum(std::size_t row, std::size_t unit);

  void linear(std::size_t index, const LinearData<Real>& data);
  Batch<const Real> flowing(std::size_t value);
  TransposedLinear<Real>& transposedOf(std::size_t index, const LinearData<Real>& data,
                                       std::size_t work);
  std::int64_t weightPortions(const LinearData<Real>& data) const;
  static WeightRows weightRows(const LinearData<Real>& data, std::int64_t tile,
                               std::int64_t portions, std::int64_t portion);
  void weights(std::size_t index, const LinearData<Real>& data, std::int64_t tile, WeightRows rows,
               Real* into);
  bool canPostpone(std::size_t index, const LinearData<Real>& data) const;
  void postpone(std::size_t index, const LinearData<Real>& data);
  double mostGradient(std::size_t index, const LinearData<Real>& data);
  void biases(std::size_t index, const LinearData<Real>& data);

  void neurons(std::size_t index, const NeuronOp<Real>& neuron);
  void neuronUnits(std::size_t index, const NeuronOp<Real>& neuron, std::size_t first,
                   std::size_t count, Real* summed, bool eachStep);
  // The gradients that neurons have passed on to the value, summed over their steps; null where
  // nothing needs that.
  Real* sumsOverSteps(std::size_t value) {
    return stepSums_[value].empty() ? nullptr : stepSums_[value].data();
  }
  void sumUnits(std::size_t index, const NeuronOp<Real>& neuron);

  void reorder(const Operation<Real>& operation, const GatherOp& taken);
  void gather(const Operation<Real>& operation, const GatherOp& taken);
  void add(const Operation<Real>& operation);
  void relu(const Operation<Real>& operation, const ReluOp<Real>& op);
  void pool(const Operation<Real>& operation, const PoolOp<Real>& op);
  void maximum(const Operation<Real>& operation, const PoolOp<Real>& op);
  void gated(std::size_t index, const PoolOp<Real>& op);

  // The value's numbers in a step, spikes counted.
  const Real* realsAt(std::size_t value, std::size_t row, int step, std::vector<Real>& buffer);
  std::size_t sizeOf(std::size_t value) const {
    return static_cast<std::size_t>(plan_.layoutOf(value).size());
  }

  const Plan<Real>& plan_;
  const TrainingOptions& options_;
  Trained<Real>& trained_;
  Unrolled<Real>& forward_;
  Flow<Real> flow_;
  std::vector<std::size_t> neuronIndex_;  // of operations with neurons, in plan.neurons
  struct Transposed {
    std::unique_ptr<TransposedLinear<Real>> layer;
    bool stale = true;
  };
  std::vector<Transposed> transposed_;              // of each operation
  std::vector<bool> whole_;                         // of each, whether no tap lies beyond the edge
  std::vector<std::vector<Column<Real>>> columns_;  // scratch memory of each thread
  std::vector<Real> beside_;                        // gradients that are added to others
  std::vector<bool> permutes_;                      // values that have each unit of another once
  std::vector<bool> biased_;                        // values that layers with trained biases make
  std::vector<AlignedVector<Real>> stepSums_;       // of each value: [row][size]
  std::vector<Real> unitSums_;  // gradients of each unit's threshold, alpha, beta
  std::vector<std::int32_t> totals_;
  bool postpones_ = false;
  std::vector<GradientPieces<Real>> pieces_;
  std::vector<AlignedVector<Real>> piece_;  // the one at hand of each thread
  Control* control_ = nullptr;
};

}  // namespace spiq
