#include "core/sim/workspace.h"

#include <algorithm>

namespace spiq {

template <class Real>
Workspace<Real>::Workspace(const Plan<Real>& plan, std::size_t rows, int words,
                           SpikeRange inputRange, const Watch& watch)
    : plan_(plan),
      rows_(rows),
      words_(words),
      values_(plan.values.size()),
      states_(plan.neurons.size()),
      totals_(plan.operations.size()),
      history_(plan.operations.size()) {
  allocate(plan.input, plan.values[plan.input].form == Form::Spikes ? inputRange : SpikeRange());
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Operation<Real>& operation = plan.operations[i];
    SpikeRange range = plan.values[operation.to].range;
    if (operation.template as<NeuronOp<Real>>() == nullptr) {
      // What passes spikes on takes their range from the sources, given spikes included.
      for (const auto& source : operation.sources) {
        if (range.planes() == 0) break;
        range.positive = std::max(range.positive, values_[source.value].range.positive);
        range.negative = std::max(range.negative, values_[source.value].range.negative);
      }
    }
    if (!operation.fused) allocate(operation.to, range);
    history_[i].resize(operation.sources.size());
    for (std::size_t s = 0; s < operation.sources.size(); ++s) {
      const auto& source = operation.sources[s];
      history_[i][s].resize(rows * static_cast<std::size_t>(source.delay) *
                            static_cast<std::size_t>(plan.layoutOf(source.value).size()));
    }
    const auto* pool = operation.template as<PoolOp<Real>>();
    if (pool != nullptr && pool->gated) {
      totals_[i].resize(
          rows * static_cast<std::size_t>(plan.layoutOf(operation.sources.front().value).size()));
    }
  }
  for (std::size_t n = 0; n < plan.neurons.size(); ++n) {
    const std::size_t value = plan.operations[plan.neurons[n]].to;
    const std::size_t size = rows * static_cast<std::size_t>(plan.layoutOf(value).size());
    State& state = states_[n];
    for (auto* part : {&state.current, &state.potential, &state.waiting}) part->resize(size);
    const bool watched = watch.everything || (watch.output && value == plan.output) ||
                         (n < watch.chosen.size() && watch.chosen[n]);
    if (watched) state.potentials.resize(size * static_cast<std::size_t>(chunkSteps()));
    if (watch.everything) state.currents.resize(size * static_cast<std::size_t>(chunkSteps()));
    if (watch.tests) state.tested.resize(size * static_cast<std::size_t>(chunkSteps()));
    if (watch.testedCurrents)
      state.testedCurrents.resize(size * static_cast<std::size_t>(chunkSteps()));
  }
}

template <class Real>
void Workspace<Real>::allocate(std::size_t value, const SpikeRange& range) {
  Memory& memory = values_[value];
  const auto size = static_cast<std::size_t>(plan_.layoutOf(value).size());
  memory.range = range;
  if (plan_.values[value].form == Form::Spikes) {
    memory.perWord = rows_ * size * static_cast<std::size_t>(range.planes());
    memory.masks.resize(static_cast<std::size_t>(words_) * memory.perWord);
  } else {
    memory.perRow = plan_.values[value].form == Form::Constant
                        ? size
                        : size * static_cast<std::size_t>(chunkSteps());
    memory.reals.resize(rows_ * memory.perRow);
  }
}

template <class Real>
void Workspace<Real>::restart(State& state, const NeuronOp<Real>& neuron, std::size_t units) {
  std::fill_n(state.current.begin(), units, Real{0});
  std::fill_n(state.waiting.begin(), units, Real{0});
  const AlignedVector<Real>& initials = neuron.initials;
  // A copy for each position would take longer than small networks do for a step.
  if (std::equal(initials.begin() + 1, initials.end(), initials.begin())) {
    std::fill_n(state.potential.begin(), units, initials.front());
    return;
  }
  const auto end = state.potential.begin() + static_cast<std::ptrdiff_t>(units);
  for (auto at = state.potential.begin(); at != end;)
    at = std::copy(initials.begin(), initials.end(), at);
}

template <class Real>
void Workspace<Real>::carry() {
  std::vector<AlignedVector<Real>> ended;
  ended.reserve(states_.size());
  for (State& state : states_) ended.push_back(state.potential);
  reset();
  for (std::size_t n = 0; n < states_.size(); ++n) {
    const NeuronOp<Real>& neuron = plan_.neuron(n);
    if (!neuron.params.fires) continue;
    for (std::size_t unit = 0; unit < ended[n].size(); ++unit) {
      const Real potential = ended[n][unit];
      const std::size_t channel = unit % neuron.thresholds.size();
      const bool below = neuron.params.ternary && potential > -neuron.negatives[channel];
      if ((potential >= 0 || below) && potential < neuron.thresholds[channel])
        states_[n].potential[unit] = potential;
    }
  }
}

template <class Real>
void Workspace<Real>::reset(std::size_t rows) {
  for (std::size_t n = 0; n < states_.size(); ++n)
    restart(states_[n], plan_.neuron(n), states_[n].current.size() / rows_ * rows);
  for (auto& totals : totals_) std::fill(totals.begin(), totals.end(), 0);
  for (auto& sources : history_) {
    for (auto& history : sources) std::fill(history.begin(), history.end(), Real{0});
  }
}

template <class Real>
std::size_t bytesPerRow(const Plan<Real>& plan, int words) {
  std::size_t bytes = 0;
  const auto steps = static_cast<std::size_t>(words) * kWordSteps;
  for (const auto& operation : plan.operations) {
    if (operation.fused) continue;
    const Value& value = plan.values[operation.to];
    const auto size = static_cast<std::size_t>(value.layout.size());
    if (value.form == Form::Spikes)
      bytes += size * static_cast<std::size_t>(words * value.range.planes()) * 4;
    else
      bytes += size * sizeof(Real) * (value.form == Form::Series ? steps : 1);
    if (operation.template as<NeuronOp<Real>>() != nullptr) bytes += 3 * size * sizeof(Real);
  }
  return bytes;
}

template class Workspace<float>;
template class Workspace<double>;
template std::size_t bytesPerRow<float>(const Plan<float>&, int);
template std::size_t bytesPerRow<double>(const Plan<double>&, int);

}  // namespace spiq
