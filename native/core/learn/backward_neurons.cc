#include <algorithm>
#include <array>
#include <cmath>

#include "core/learn/backward.h"
#include "core/learn/neuron_gradient.h"
#include "core/learn/split.h"

// Gradients of neurons, through all steps.

namespace spiq {

template <class Real>
void Backward<Real>::neurons(std::size_t index, const NeuronOp<Real>& neuron) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const std::size_t units = flow_.perStep(operation.to);
  const auto* trained = trained_.neuronGradient(index);
  if (trained != nullptr) unitSums_.resize(3 * units);
  splitWork(*control_, (units + kUnits - 1) / kUnits, 4 * flow_.sizeOf(operation.to),
            [&](std::size_t part) {
              const std::size_t first = part * kUnits;
              neuronUnits(index, neuron, first, std::min(kUnits, units - first));
            });
  if (trained != nullptr) sumUnits(index, neuron);
  if (!flow_.reaches(source) || flow_.shared(source, operation.to)) return;
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
                                 std::size_t count) {
  const Operation<Real>& operation = plan_.operations[index];
  const auto& state = forward_.workspace().state(neuronIndex_[index]);
  const std::size_t stride = forward_.workspace().rows() * sizeOf(operation.to);
  const std::size_t gradientStride = flow_.perStep(operation.to);
  const bool dsqn = neuron.params.semantics == Semantics::Dsqn;
  const NeuronBack<Real> back{neuron.params, options_.surrogate.kind,
                              static_cast<Real>(options_.surrogate.slope), options_.attachedReset};
  std::array<UnitGradient<Real>, kUnits> gradients{};
  for (int step = flow_.stepsOf(operation.to); step-- > 0;) {
    Real* flowing = flow_.of(operation.to) + static_cast<std::size_t>(step) * gradientStride;
    const Real* tested = state.tested.data() + static_cast<std::size_t>(step) * stride;
    for (std::size_t i = 0; i < count; ++i) {
      const std::size_t unit = first + i;
      const std::size_t channel = unit % neuron.initials.size();
      UnitStep<Real> at{neuron.thresholds[channel], neuron.negatives[channel], tested[unit],
                        Real{0}, Real{0}};
      if (step > 0 && !state.testedCurrents.empty())
        at.current = state.testedCurrents[static_cast<std::size_t>(step - 1) * stride + unit];
      at.potential =
          dsqn ? at.tested
               : potentialAfter(neuron, state.tested.data() + unit, stride, step - 1, channel);
      flowing[unit] = dsqn ? backDsqn(back, at, flowing[unit], gradients[i])
                           : backDirect(back, at, flowing[unit], gradients[i]);
    }
  }
  if (trained_.neuronGradient(index) == nullptr) return;
  for (std::size_t i = 0; i < count; ++i) {
    unitSums_[first + i] = gradients[i].threshold;
    unitSums_[gradientStride + first + i] = gradients[i].alpha;
    unitSums_[2 * gradientStride + first + i] = gradients[i].beta;
  }
}

// Of 'direct': from what the steps tested; resting units hold what they had.
template <class Real>
Real Backward<Real>::potentialAfter(const NeuronOp<Real>& neuron, const Real* tested,
                                    std::size_t stride, int step, std::size_t channel) {
  while (step >= 0 && std::isinf(tested[static_cast<std::size_t>(step) * stride])) --step;
  if (step < 0) return neuron.initials[channel];
  NeuronParams<Real> params = neuron.params;
  params.alpha = Real{0};
  params.beta = Real{0};
  NeuronState<Real> state{};
  neuron::step<Real, Real>(params, neuron.thresholds[channel], neuron.negatives[channel], state,
                           tested[static_cast<std::size_t>(step) * stride]);
  return state.potential;
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
