#include <algorithm>

#include "core/learn/backward.h"
#include "core/learn/split.h"

// Gradients of neurons, through all steps.

namespace spiq {

template <class Real>
void Backward<Real>::neurons(std::size_t index, const NeuronOp<Real>& neuron) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const std::size_t units = flow_.perStep(operation.to);
  if (trained_.neuronGradient(index) != nullptr) unitSums_.resize(3 * units);
  // What no step changes gets the sum of all steps at once.
  const bool sums = flow_.reaches(source) && flow_.stepsOf(source) == 1 && flow_.isFirst(source);
  const bool shared = flow_.reaches(source) && flow_.shared(source, operation.to);
  Real* summed = sums ? flow_.setting(source) : nullptr;
  if (shared && biased_[source]) {
    if (stepSums_[source].size() < units) stepSums_[source].resize(units);
    summed = stepSums_[source].data();
  }
  splitWork(*control_, (units + kUnits - 1) / kUnits, 4 * flow_.sizeOf(operation.to),
            [&](std::size_t part, std::size_t /*worker*/) {
              const std::size_t first = part * kUnits;
              neuronUnits(index, neuron, first, std::min(kUnits, units - first), summed, !sums);
            });
  if (trained_.neuronGradient(index) != nullptr) sumUnits(index, neuron);
  if (!flow_.reaches(source) || sums || shared) return;
  Real* into = flow_.adding(source);
  const Real* from = flow_.of(operation.to);
  const bool constant = flow_.stepsOf(source) == 1;
  for (int step = 0; step < flow_.stepsOf(operation.to); ++step, from += units) {
    Real* to = into + (constant ? 0 : static_cast<std::size_t>(step) * units);
    for (std::size_t i = 0; i < units; ++i) to[i] += from[i];
  }
}

template <class Real>
void Backward<Real>::neuronUnits(std::size_t index, const NeuronOp<Real>& neuron, std::size_t first,
                                 std::size_t count, Real* summed, bool eachStep) {
  const Operation<Real>& operation = plan_.operations[index];
  const auto& state = forward_.workspace().state(neuronIndex_[index]);
  const std::size_t all = flow_.perStep(operation.to);
  Real* sums = trained_.neuronGradient(index) == nullptr ? nullptr : unitSums_.data() + first;
  const UnitsBack<Real> units{
      static_cast<std::int64_t>(first),
      static_cast<std::int64_t>(count),
      static_cast<std::int64_t>(neuron.initials.size()),
      neuron.thresholds.data(),
      neuron.negatives.data(),
      neuron.initials.data(),
      state.tested.data() + first,
      state.testedCurrents.empty() ? nullptr : state.testedCurrents.data() + first,
      forward_.workspace().planeStride(operation.to),
      flow_.of(operation.to) + first,
      static_cast<std::int64_t>(all),
      eachStep,
      summed == nullptr ? nullptr : summed + first,
      sums,
      sums == nullptr ? nullptr : sums + all,
      sums == nullptr ? nullptr : sums + 2 * all};
  forward_.backend().updateBack(neuron.params, options_.surrogate, options_.attachedReset, units,
                                flow_.stepsOf(operation.to));
}

template <class Real>
void Backward<Real>::sumUnits(std::size_t index, const NeuronOp<Real>& neuron) {
  auto& gradient = *trained_.neuronGradient(index);
  const std::size_t units = flow_.perStep(plan_.operations[index].to);
  std::fill(gradient.ofThresholds.begin(), gradient.ofThresholds.end(), Real{0});
  gradient.ofAlpha = gradient.ofBeta = Real{0};
  for (std::size_t unit = 0; unit < units; ++unit) {
    gradient.ofThresholds[unit % neuron.initials.size()] += unitSums_[unit];
    gradient.ofAlpha += unitSums_[units + unit];
    gradient.ofBeta += unitSums_[2 * units + unit];
  }
}

template void Backward<float>::neurons(std::size_t, const NeuronOp<float>&);
template void Backward<double>::neurons(std::size_t, const NeuronOp<double>&);

}  // namespace spiq
