#pragma once

#include <functional>
#include <memory>

#include "core/plan/control.h"
#include "core/plan/plan.h"

namespace spiq {

// The float forward pass of a graph without neurons, in the order of sums that the spiking layers
// have.
template <class Real>
class FloatPass {
 public:
  // Called with what each ReLU gives for one row, and with the output last where that is none, in
  // the user's order; from several threads at once, each with its own rows.
  using Observer = std::function<void(std::size_t row, std::size_t layer, View<const Real> values)>;

  static Result<FloatPass> compile(const Graph& graph, const Backend<Real>& backend);

  std::int64_t inputs() const;
  std::int64_t outputs() const;
  std::size_t layers() const;

  // `output` may be null where only the observer's values are wanted, and the observer empty.
  Status run(View<const Real> observations, std::size_t rows, Real* output,
             const Observer& observer, Control& control) const;

 private:
  // The plan, and memory of earlier calls for the next one.
  struct Kept;
  explicit FloatPass(std::shared_ptr<Kept> kept) : kept_(std::move(kept)) {}

  std::shared_ptr<Kept> kept_;
};

}  // namespace spiq
