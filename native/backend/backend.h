#pragma once

#include <cstddef>
#include <cstdint>

#include "base/neuron.h"

namespace spiq {

// A spike of a unit in a step; `count` is negative for ternary units, above 1 for bursts.
struct Spike {
  std::uint32_t unit;
  std::int32_t count;
};

// The spikes of a layer over a block of steps, units ascending within each step (the order of sums
// depends on it). The storage belongs to a SpikeStore, which leaves room for every unit to fire in
// every step.
struct SpikeBlock {
  Spike* spikes = nullptr;
  std::size_t* ends = nullptr;  // ends[t]: one past the last spike of step t
  std::size_t size = 0;
  std::size_t steps = 0;

  // Inlined by force: a copy compiled for a newer instruction set must not be linked into the
  // baseline.
  [[gnu::always_inline]] void clear() { size = steps = 0; }
  [[gnu::always_inline]] void add(Spike spike) { spikes[size++] = spike; }
  [[gnu::always_inline]] void endStep() { ends[steps++] = size; }
  [[gnu::always_inline]] std::size_t begin(std::size_t step) const {
    return step == 0 ? 0 : ends[step - 1];
  }
};

// Layers are padded to a multiple of this many units with zero weights, so that kernels need no
// tails.
constexpr std::int64_t kUnitPadding = 16;

// A fully connected layer as kernels read it: row `input` of the weights leads to all units.
template <class Real>
struct DenseView {
  std::int64_t inputs;
  std::int64_t padded;
  const Real* weights;  // [inputs][padded]
  const Real* bias;     // [padded], zero where there is none
};

// State of one layer for one observation, `padded` values each.
template <class Real>
struct StateView {
  Real* current;
  Real* potential;
  Real* waiting;
};

// What a device must be able to do. Order of every sum: 0, then each input ascending, bias last
// (architecture.md).
template <class Real>
class Backend {
 public:
  virtual ~Backend() = default;

  // output[u] = bias + sum of weight * input by fused multiply-add; `output` has `padded` elements.
  virtual void project(const DenseView<Real>& layer, const Real* input, Real* output) const = 0;

  // `steps` steps driven by spikes: `out` receives the layer's own spikes.
  virtual void runSpikes(const DenseView<Real>& layer, const NeuronParams<Real>& params,
                         StateView<Real> state, const SpikeBlock& in, std::size_t steps,
                         SpikeBlock& out) const = 0;

  // `steps` steps driven by the same current in each, as `project` gives it.
  virtual void runCurrent(const DenseView<Real>& layer, const NeuronParams<Real>& params,
                          StateView<Real> state, const Real* current, std::size_t steps,
                          SpikeBlock& out) const = 0;
};

}  // namespace spiq
