#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/gradient_views.h"
#include "backend/move_views.h"
#include "base/neuron.h"
#include "base/surrogate.h"

namespace spiq {

// Channels are padded to a multiple of this many units with zero weights, so that kernels need no
// tails.
constexpr std::int64_t kUnitPadding = 16;
// Kernels compute this many units of a position at a time; the last tile may be narrower.
constexpr std::int64_t kTileUnits = 64;

constexpr std::int64_t padded(std::int64_t channels) {
  return (channels + kUnitPadding - 1) / kUnitPadding * kUnitPadding;
}

// The input channels that the units of a tile take, and where the tile's weights begin.
struct ChannelRange {
  std::int64_t first;
  std::int64_t last;
  std::int64_t weights;

  std::int64_t count() const { return last - first; }
};

// A linear layer: every output position has `taps` input positions, and from each all channels of
// its group. Fully connected layers have one position and one tap.
template <class Real>
struct LinearView {
  std::int64_t taps;
  std::int64_t channels;   // of the input
  std::int64_t inPadded;   // distance of two input positions
  std::int64_t inColumns;  // input positions of a line
  std::int64_t outPadded;  // units of an output position
  const Real* weights;     // [tile][tap][channel of its range][units of the tile]
  const Real* bias;        // [outPadded], zero where there is none
  const Real* zeros;       // [inPadded], what a tap beyond the edge reads
  // Of every tap and channel the distance of its input from that of the first tap, the same for all
  // positions that reach over no edge; null where it is not.
  const std::int32_t* distances;
  const ChannelRange* ranges;  // of each tile
  bool partial;                // some of them leave out channels
  // Unit u takes channel u alone, of as many: weights are [tile][tap][units of the tile].
  bool alone;
  // Channels of a group: those of the input, and units that take them.
  std::int64_t groupChannels;
  std::int64_t groupUnits;

  std::int64_t tileWidth(std::int64_t tile) const {
    const std::int64_t left = outPadded - tile * kTileUnits;
    return left < kTileUnits ? left : kTileUnits;
  }
  std::int64_t tileOffset(std::int64_t tile) const {
    return partial ? ranges[tile].weights : tile * kTileUnits * taps * channels;
  }
  const Real* tileWeights(std::int64_t tile) const { return weights + tileOffset(tile); }
};

// One output position and the input positions of its taps, -1 beyond the edge.
template <class Real>
struct Column {
  const Real* input;
  const std::int32_t* sources;
  Real* output;
  bool whole;  // no tap lies beyond the edge
};

// Spikes of all units of a layer over the steps of one word. Plane p holds a bit for every step in
// which a unit fired more than p spikes; planes from `positive` on count negative spikes.
struct WordView {
  const std::uint32_t* masks;
  std::int64_t planeStride;
  int positive;
  int planes;
};

// An output position, the spikes that it may meet, and where its sums go.
struct SpikeCell {
  const std::int32_t* sources;
  WordView spikes;
  std::int64_t offset;  // of the sums, a multiple of kUnitPadding
};

// Units of a line of positions that fired in each step of a word, ascending. Between a cut and the
// next lie `cutUnits` units; those of them that fired in step s are units[starts[s * (cuts + 1) +
// cut]] up to, without it, units[starts[s * (cuts + 1) + cut + 1]].
struct StepLists {
  std::int64_t cutUnits;
  std::int64_t cuts;
  std::uint8_t* fired;  // for each cut whether any of its units did
  std::int64_t firedCuts;
  std::int64_t spikes;   // of all steps
  std::uint32_t* units;  // with room for kUnitPadding more than fired
  std::uint32_t* starts;
};

// Neighbouring units of one position: their parameters, state and spikes.
template <class Real>
struct UnitsView {
  std::int64_t width;  // a multiple of kUnitPadding
  const Real* thresholds;
  const Real* negatives;  // of ternary units, what negative spikes are compared with
  const Real* bias;       // added to every input
  Real* current;
  Real* potential;
  Real* waiting;
  std::uint32_t* masks;  // as WordView's
  std::int64_t planeStride;
  int positive;
  int planes;
};

// Neighbouring units of all positions on the way back through their steps. Channels repeat after
// `stride` units, of which `first` is one.
template <class Real>
struct UnitsBack {
  std::int64_t first;
  std::int64_t width;  // a multiple of kUnitPadding
  std::int64_t stride;
  const Real* thresholds;  // [stride] each
  const Real* negatives;
  const Real* initials;
  // [step], so far apart: what StepTrace kept, beginning with `first`; without currents they count
  // as 0.
  const Real* tested;
  const Real* currents;
  std::int64_t keptStride;
  // [step]: gradients of spikes, or of the potentials of units that never fire; with `eachStep`
  // they become those of the units' input.
  Real* flowing;
  std::int64_t flowingStride;
  bool eachStep;
  Real* summed;  // if not null, those of the input, summed over the steps
  // Sums over the steps for each unit, if not null; then all are.
  Real* ofThreshold;
  Real* ofAlpha;
  Real* ofBeta;
};

// What a device must be able to do. The order of every sum is 0, then each tap and channel
// ascending, bias last (docs/architecture.md).
template <class Real>
class Backend {
 public:
  virtual ~Backend() = default;

  // For each column the tile's outputs: bias + sum of weight * input by fused multiply-add.
  virtual void project(const LinearView<Real>& layer, std::int64_t tile,
                       const Column<Real>* columns, std::size_t count) const = 0;

  // sums[step * stride + offset + unit of the tile] of the weights whose input fired, without the
  // bias: unit by unit, which costs nothing for silent ones. Several cells must fit in a stride.
  virtual void accumulate(const LinearView<Real>& layer, std::int64_t tile, const SpikeCell* cells,
                          std::size_t count, int steps, Real* sums, std::int64_t stride) const = 0;

  // The same for one cell step by step, from lists of all lines that its taps lie in: nearly twice
  // as fast, where lists serve often enough to be worth making. For one plane of spikes.
  virtual void accumulateLists(const LinearView<Real>& layer, std::int64_t tile,
                               const std::int32_t* sources, const StepLists* lines, int steps,
                               Real* sums, std::int64_t stride) const = 0;

  // A line's spikes: first how many there are and where, then the lists.
  virtual void count(const std::uint32_t* masks, StepLists& lists) const = 0;
  virtual void list(const std::uint32_t* masks, int steps, const StepLists& lists) const = 0;

  // `steps` steps of neurons whose input in step t is input[t * stride + unit] + bias. Spikes go to
  // bits firstBit, firstBit + 1, ... of the masks; with firstBit 0 earlier contents are replaced.
  virtual void update(const NeuronParams<Real>& params, const UnitsView<Real>& units,
                      const Real* input, std::int64_t stride, int firstBit, int steps) const = 0;

  // The same, and every step's potentials and currents.
  virtual void updateTraced(const NeuronParams<Real>& params, const UnitsView<Real>& units,
                            const Real* input, std::int64_t stride, int firstBit, int steps,
                            const StepTrace<Real>& trace) const = 0;

  // Of rows of a tile's weights: gradient = 0, or what it was with `add`, then for all of `extent`
  // in its order += input * outputGradient by fused multiply-add. `gradient` lies as the layer's
  // weights do, and is 0 between groups. What is beyond the edge is left out.
  virtual void weightGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                              const Extent& extent, const Batch<const Real>& input,
                              const Batch<const Real>& outputGradient, bool add,
                              Real* gradient) const = 0;

  // The same bits from spikes, of which silent ones cost nothing.
  virtual void spikeGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                             const Extent& extent, const SpikeBatch& input,
                             const Batch<const Real>& outputGradient, bool add,
                             Real* gradient) const = 0;

  // gradient[unit] of units firstUnit up to, without it, lastUnit, both multiples of kUnitPadding:
  // sums of the output gradients, which lie `outPadded` apart, in the order of `extent`.
  virtual void biasGradient(std::int64_t outPadded, std::int64_t firstUnit, std::int64_t lastUnit,
                            const Extent& extent, const Batch<const Real>& outputGradient, bool add,
                            Real* gradient) const = 0;

  // All steps of neurons backwards.
  virtual void updateBack(const NeuronParams<Real>& params, const Surrogate& surrogate,
                          bool attachedReset, const UnitsBack<Real>& units, int steps) const = 0;

  // One update of some parameters.
  virtual void move(const MoveParams<Real>& params, const Moved<Real>& moved) const = 0;

  // The sum of squared gradients, each cut to +-clip first: sixteen sums over every sixteenth,
  // which are added in their order, in double.
  virtual double sumOfSquares(const Real* gradient, std::size_t size, Real clip) const = 0;
};

}  // namespace spiq
