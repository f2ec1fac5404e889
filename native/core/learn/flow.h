#pragma once

#include <vector>

#include "core/plan/plan.h"

namespace spiq {

// Where gradients flow, and their memory: [step][row][size] of each value, [row][size] of
// constants; of spikes, by their count. Values that neurons or ReLUs alone read share the memory of
// what is made of them.
template <class Real>
class Flow {
 public:
  // `trained`: of each operation.
  Flow(const Plan<Real>& plan, const std::vector<bool>& trained);

  // Whether the way back passes an operation, and whether it goes on to a value.
  bool passes(std::size_t operation) const { return active_[operation]; }
  bool reaches(std::size_t value) const { return wanted_[value]; }

  // For the next way back.
  void start(std::size_t rows, int steps);
  int stepsOf(std::size_t value) const {
    return plan_.values[value].form == Form::Constant ? 1 : steps_;
  }
  std::size_t rows() const { return rows_; }
  // A value's gradients of all rows in a step.
  std::size_t perStep(std::size_t value) const {
    return rows_ * static_cast<std::size_t>(plan_.layoutOf(value).size());
  }
  std::size_t sizeOf(std::size_t value) const {
    return perStep(value) * static_cast<std::size_t>(stepsOf(value));
  }

  Real* of(std::size_t value) { return memory_[slot_[value]].data(); }
  // Whether nothing has been given yet.
  bool isFirst(std::size_t value) const { return !begun_[slot_[value]]; }
  // To be written all over, by the first.
  Real* setting(std::size_t value) {
    begun_[slot_[value]] = true;
    return of(value);
  }
  // To be added to: zeros if nothing has been yet.
  Real* adding(std::size_t value);
  bool shared(std::size_t a, std::size_t b) const { return slot_[a] == slot_[b]; }

 private:
  const Plan<Real>& plan_;
  std::vector<bool> active_;
  std::vector<bool> wanted_;
  std::vector<std::size_t> slot_;
  std::vector<AlignedVector<Real>> memory_;
  std::vector<bool> begun_;
  std::size_t rows_ = 0;
  int steps_ = 1;
};

}  // namespace spiq
