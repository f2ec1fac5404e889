#pragma once

#include <functional>
#include <vector>

#include "core/graph/graph.h"
#include "core/plan/control.h"
#include "core/plan/dense_data.h"

namespace spiq {

// A float network compiled for a back end: dense layers, each with or without a ReLU.
template <class Real>
class FloatPlan {
 public:
  static Result<FloatPlan> compile(const Graph& graph, const Backend<Real>& backend);

  std::int64_t inputs() const { return inputs_; }
  std::int64_t outputs() const { return outputs_; }
  std::size_t layers() const { return layers_.size(); }

  // Sees the outputs of layer `layer` for row `row`; may be called from any thread, one row at a
  // time on each.
  using Observer = std::function<void(std::size_t row, std::size_t layer, View<const Real> values)>;

  // `rows` observations of `inputs()` values each; `output` (rows * outputs()) and `observer` may
  // be left out.
  Status run(View<const Real> observations, std::size_t rows, Real* output,
             const Observer& observer, Control& control) const;

 private:
  struct Layer {
    DenseData<Real> dense;
    bool relu;
  };

  FloatPlan(const Backend<Real>& backend, std::int64_t inputs, std::int64_t outputs)
      : backend_(&backend), inputs_(inputs), outputs_(outputs) {}
  void runRow(const Real* observation, std::size_t row, Real* output, const Observer& observer,
              std::vector<Real>& in, std::vector<Real>& out) const;

  const Backend<Real>* backend_;
  std::int64_t inputs_;
  std::int64_t outputs_;
  bool inputRelu_ = false;
  std::vector<Layer> layers_;
};

}  // namespace spiq
