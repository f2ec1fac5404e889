#pragma once

#include <cstdint>

namespace spiq {

// Spikes of a unit over this many steps are the bits of one word.
constexpr int kWordSteps = 32;

// Reals of several observations in several steps: those of observation r in step t begin at
// at + r * row + t * step. What is the same in every step has a step of 0.
template <class Real>
struct Batch {
  Real* at;
  std::int64_t row;
  std::int64_t step;
};

// The same for spikes, planes as WordView's. The steps of an extent are spread evenly over as few
// words as hold them; the first ones may be one longer.
struct SpikeBatch {
  const std::uint32_t* masks;
  std::int64_t row;   // distance of two observations
  std::int64_t word;  // of two words
  std::int64_t planeStride;
  int positive;
  int planes;
};

// What the gradients of a layer's weights are sums over: for each observation its output positions,
// for each of these its steps, all ascending.
struct Extent {
  std::int64_t rows;
  std::int64_t positions;
  std::int64_t steps;
  const std::int32_t* sources;  // [position][tap], -1 beyond the edge
  bool whole;                   // no tap lies beyond the edge

  // Inlined always, as lane.h says why.
  __attribute__((always_inline)) std::int64_t words() const {
    return (steps + kWordSteps - 1) / kWordSteps;
  }
  __attribute__((always_inline)) std::int64_t before(std::int64_t word) const {
    const std::int64_t longer = steps % words();
    return word * (steps / words()) + (word < longer ? word : longer);
  }
};

// Rows of a tile's weights: those of tap t and channel c of its range are t * channels + c; where
// units take a channel alone, those of tap t are t.
struct WeightRows {
  std::int64_t first;
  std::int64_t last;
};

// Where `update` writes what a step leaves behind. Unit u of an observation's `size`, which the
// updated units begin with `first` of, goes to (first + u) / size * row + t * step + (first + u) %
// size. Null for what is not asked for.
template <class Real>
struct StepTrace {
  Real* potentials;  // after the reset
  Real* tested;      // as Fired has it
  Real* currents;
  std::int64_t first;
  std::int64_t size;
  std::int64_t row;
  std::int64_t step;
};

}  // namespace spiq
