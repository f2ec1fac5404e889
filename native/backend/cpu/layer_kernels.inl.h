// Included once by each layer_<isa>.cc, which beforehand defines SPIQ_LANE_BYTES, fusedMultiplyAdd
// and nonZeroBits. Everything is in an unnamed namespace and on plain pointers: an inline function
// of the standard library compiled here could be merged by the linker into code that an older
// machine runs.
#include <cstring>

#include "backend/cpu/layer_kernels.h"

namespace spiq {
namespace {

template <class Real>
using LaneOf = typename lane::Vector<Real, SPIQ_LANE_BYTES>::Type;

template <class Real>
constexpr std::int64_t kWidth = lane::Vector<Real, SPIQ_LANE_BYTES>::width;

template <class L, class Real>
L load(const Real* from) {
  L value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <class L, class Real>
void store(Real* to, L value) {
  std::memcpy(to, &value, sizeof value);
}

// As many vectors as keep their sums in registers while one row of weights streams by.
constexpr std::int64_t kTile = 4;

template <class Real, std::int64_t Tile>
void projectTile(const DenseView<Real>& layer, const Real* input, Real* output, std::int64_t unit) {
  using L = LaneOf<Real>;
  L sums[Tile];
  for (L& sum : sums) sum = L{};
  const Real* row = layer.weights + unit;
  for (std::int64_t i = 0; i < layer.inputs; ++i, row += layer.padded) {
    const L value = lane::splat<L>(input[i]);
    for (std::int64_t v = 0; v < Tile; ++v) {
      sums[v] = fusedMultiplyAdd(load<L>(row + v * kWidth<Real>), value, sums[v]);
    }
  }
  for (std::int64_t v = 0; v < Tile; ++v) {
    const std::int64_t at = unit + v * kWidth<Real>;
    store(output + at, sums[v] + load<L>(layer.bias + at));
  }
}

template <class Real>
void project(const DenseView<Real>& layer, const Real* input, Real* output) {
  const std::int64_t tileWidth = kTile * kWidth<Real>;
  std::int64_t unit = 0;
  for (; unit + tileWidth <= layer.padded; unit += tileWidth)
    projectTile<Real, kTile>(layer, input, output, unit);
  for (; unit < layer.padded; unit += kWidth<Real>)
    projectTile<Real, 1>(layer, input, output, unit);
}

template <class Real>
void emit(LaneOf<Real> counts, std::int64_t unit, SpikeBlock& out) {
  for (unsigned bits = nonZeroBits(counts); bits != 0; bits &= bits - 1) {
    const int v = __builtin_ctz(bits);
    out.add({static_cast<std::uint32_t>(unit + v), static_cast<std::int32_t>(counts[v])});
  }
}

template <class Real>
void updateUnits(const NeuronParams<Real>& params, StateView<Real> state, LaneOf<Real> input,
                 std::int64_t unit, SpikeBlock& out) {
  using L = LaneOf<Real>;
  NeuronState<L> lanes{load<L>(state.current + unit), load<L>(state.potential + unit),
                       load<L>(state.waiting + unit)};
  const L counts = neuron::step<L, Real>(params, lanes, input);
  store(state.current + unit, lanes.current);
  store(state.potential + unit, lanes.potential);
  store(state.waiting + unit, lanes.waiting);
  emit<Real>(counts, unit, out);
}

// A spike adds its row of weights; a burst of k is k additions, a negative spike subtracts.
template <class Real, std::int64_t Tile>
void sumSpikes(const DenseView<Real>& layer, const Spike* spike, const Spike* end,
               std::int64_t unit, LaneOf<Real>* sums) {
  using L = LaneOf<Real>;
  for (std::int64_t v = 0; v < Tile; ++v) sums[v] = L{};
  for (; spike != end; ++spike) {
    const Real* row = layer.weights + spike->unit * layer.padded + unit;
    for (std::int32_t k = spike->count; k > 0; --k) {
      for (std::int64_t v = 0; v < Tile; ++v) sums[v] = sums[v] + load<L>(row + v * kWidth<Real>);
    }
    for (std::int32_t k = spike->count; k < 0; ++k) {
      for (std::int64_t v = 0; v < Tile; ++v) sums[v] = sums[v] - load<L>(row + v * kWidth<Real>);
    }
  }
  for (std::int64_t v = 0; v < Tile; ++v)
    sums[v] = sums[v] + load<L>(layer.bias + unit + v * kWidth<Real>);
}

template <class Real>
void runSpikes(const DenseView<Real>& layer, const NeuronParams<Real>& params,
               StateView<Real> state, const SpikeBlock& in, std::size_t steps, SpikeBlock& out) {
  const std::int64_t tileWidth = kTile * kWidth<Real>;
  LaneOf<Real> sums[kTile];
  for (std::size_t step = 0; step < steps; ++step) {
    const Spike* begin = in.spikes + in.begin(step);
    const Spike* end = in.spikes + in.ends[step];
    std::int64_t unit = 0;
    for (; unit + tileWidth <= layer.padded; unit += tileWidth) {
      sumSpikes<Real, kTile>(layer, begin, end, unit, sums);
      for (std::int64_t v = 0; v < kTile; ++v) {
        updateUnits<Real>(params, state, sums[v], unit + v * kWidth<Real>, out);
      }
    }
    for (; unit < layer.padded; unit += kWidth<Real>) {
      sumSpikes<Real, 1>(layer, begin, end, unit, sums);
      updateUnits<Real>(params, state, sums[0], unit, out);
    }
    out.endStep();
  }
}

template <class Real>
void runCurrent(const DenseView<Real>& layer, const NeuronParams<Real>& params,
                StateView<Real> state, const Real* current, std::size_t steps, SpikeBlock& out) {
  for (std::size_t step = 0; step < steps; ++step) {
    for (std::int64_t unit = 0; unit < layer.padded; unit += kWidth<Real>) {
      updateUnits<Real>(params, state, load<LaneOf<Real>>(current + unit), unit, out);
    }
    out.endStep();
  }
}

template <class Real>
LayerKernels<Real> kernels() {
  return {project<Real>, runSpikes<Real>, runCurrent<Real>};
}

}  // namespace
}  // namespace spiq
