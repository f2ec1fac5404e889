#include "core/learn/flow.h"

#include <algorithm>
#include <numeric>

namespace spiq {

template <class Real>
Flow<Real>::Flow(const Plan<Real>& plan, const std::vector<bool>& trained)
    : plan_(plan),
      active_(plan.operations.size()),
      wanted_(plan.values.size()),
      slot_(plan.values.size()),
      memory_(plan.values.size()),
      begun_(plan.values.size()) {
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Operation<Real>& operation = plan.operations[i];
    bool wanted = trained[i];
    for (const auto& source : operation.sources) wanted = wanted || wanted_[source.value];
    wanted_[operation.to] = wanted;
  }
  std::vector<int> readers(plan.values.size());
  std::vector<bool> leads(plan.values.size());
  leads[plan.output] = true;
  readers[plan.output] = 1;
  std::iota(slot_.begin(), slot_.end(), std::size_t{0});
  for (std::size_t i = plan.operations.size(); i-- > 0;) {
    const Operation<Real>& operation = plan.operations[i];
    active_[i] = leads[operation.to] && wanted_[operation.to];
    for (const auto& source : operation.sources) {
      leads[source.value] = leads[source.value] || leads[operation.to];
      ++readers[source.value];
    }
  }
  for (std::size_t i = plan.operations.size(); i-- > 0;) {
    const Operation<Real>& operation = plan.operations[i];
    const bool unitByUnit = operation.template as<NeuronOp<Real>>() != nullptr ||
                            operation.template as<ReluOp<Real>>() != nullptr;
    const std::size_t source = operation.sources.front().value;
    const bool constant = plan.values[source].form == Form::Constant;
    const bool alike = constant == (plan.values[operation.to].form == Form::Constant);
    if (active_[i] && unitByUnit && alike && readers[source] == 1)
      slot_[source] = slot_[operation.to];
  }
}

template <class Real>
void Flow<Real>::start(std::size_t rows, int steps) {
  rows_ = rows;
  steps_ = steps;
  std::fill(begun_.begin(), begun_.end(), false);
  for (std::size_t value = 0; value < plan_.values.size(); ++value) {
    AlignedVector<Real>& memory = memory_[slot_[value]];
    if (wanted_[value] && memory.size() < sizeOf(value)) memory.resize(sizeOf(value));
  }
}

template <class Real>
Real* Flow<Real>::adding(std::size_t value) {
  Real* memory = of(value);
  if (!begun_[slot_[value]]) std::fill_n(memory, sizeOf(value), Real{0});
  begun_[slot_[value]] = true;
  return memory;
}

template class Flow<float>;
template class Flow<double>;

}  // namespace spiq
