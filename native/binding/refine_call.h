#pragma once

#include <optional>

#include <napi.h>

#include "core/convert/refine/refine.h"

namespace spiq {

// A conversion that simulates what it makes, as JavaScript asks for it: rows laid end to end, and
// the options.
class RefineCall {
 public:
  RefineCall(const Napi::Value& rows, const Napi::Value& options, const Graph& prepared);
  Status run(const Graph& prepared, Control& control);

  std::size_t threads() const { return threads_; }
  const Refined& refined() const { return refined_; }

 private:
  Refinement method_ = Refinement::BiasShift;
  std::vector<Scales> scales_;
  NeuronSpec neurons_;
  std::optional<MaxPools> maxPools_;  // otherwise what each pool says
  std::int64_t steps_ = 100;
  std::size_t threads_ = 1;
  CalibrationRows rows_;
  Refined refined_;
};

}  // namespace spiq
