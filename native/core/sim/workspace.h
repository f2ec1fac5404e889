#pragma once

#include <vector>

#include "core/plan/plan.h"
#include "core/sim/chunk.h"

namespace spiq {

// What a run has to keep of each step: potentials of operations that decodings or traces look at.
struct Watch {
  bool everything = false;      // traces
  bool output = false;          // decodings over time
  std::vector<bool> chosen;     // of plan.neurons; empty: none
  bool tests = false;           // what threshold tests look at, for going back through the steps
  bool testedCurrents = false;  // and the currents beside it

  bool operator==(const Watch& other) const {
    return everything == other.everything && output == other.output && chosen == other.chosen &&
           tests == other.tests && testedCurrents == other.testedCurrents;
  }
};

// The memory of a plan for some rows: values of one chunk, state of the neurons.
template <class Real>
class Workspace {
 public:
  // `words`: of the longest chunk. `inputRange`: of the spikes that will be fed.
  Workspace(const Plan<Real>& plan, std::size_t rows, int words, SpikeRange inputRange,
            const Watch& watch);

  std::size_t rows() const { return rows_; }
  int words() const { return words_; }
  SpikeRange range(std::size_t value) const { return values_[value].range; }

  // Constant: [stride of the layout]; Series: [step][size].
  Real* reals(std::size_t value, std::size_t row) {
    return values_[value].reals.data() + row * values_[value].perRow;
  }
  // Between the reals of two rows.
  std::size_t rowDistance(std::size_t value) const { return values_[value].perRow; }
  // [word][plane][row][size]: the same word of neighbouring rows lies side by side.
  std::uint32_t* masks(std::size_t value, std::size_t row, int word) {
    Memory& memory = values_[value];
    return memory.masks.data() + static_cast<std::size_t>(word) * memory.perWord +
           row * static_cast<std::size_t>(plan_.layoutOf(value).size());
  }
  std::int64_t planeStride(std::size_t value) const {
    return static_cast<std::int64_t>(rows_) * plan_.layoutOf(value).size();
  }
  WordView spikes(std::size_t value, std::size_t row, int word) {
    const SpikeRange& range = values_[value].range;
    return {masks(value, row, word), planeStride(value), range.positive, range.planes()};
  }

  struct State {
    AlignedVector<Real> current;
    AlignedVector<Real> potential;
    AlignedVector<Real> waiting;
    // [row][step of the chunk][size], where watched
    std::vector<Real> potentials;
    std::vector<Real> currents;
    // [step of the chunk][row][size], written where `keeps`
    AlignedVector<Real> tested;
    AlignedVector<Real> testedCurrents;
    bool keeps = false;
  };
  // Of the operation plan.neurons[index].
  State& state(std::size_t index) { return states_[index]; }
  const State& state(std::size_t index) const { return states_[index]; }
  std::vector<std::int32_t>& totals(std::size_t operation) { return totals_[operation]; }
  std::vector<Real>& history(std::size_t operation, std::size_t source) {
    return history_[operation][source];
  }
  int chunkSteps() const { return words_ * kWordSteps; }
  // Which of a state's watched potentials are those of a row after a step of the chunk.
  std::size_t watchedAt(std::size_t row, int step) const {
    return row * static_cast<std::size_t>(chunkSteps()) + static_cast<std::size_t>(step);
  }

  void reset() { reset(rows_); }
  // The first rows alone.
  void reset(std::size_t rows);
  // The same but for the potentials of neurons that hold a remainder: input between no and one
  // threshold that no spike has told of. Saturated and silenced units begin anew (cross-step
  // residual potentials, Xu et al., "Error amplification limits ANN-to-SNN conversion in continuous
  // control", 2026).
  void carry();

 private:
  struct Memory {
    AlignedVector<Real> reals;
    AlignedVector<std::uint32_t> masks;
    std::size_t perRow = 0;
    std::size_t perWord = 0;
    SpikeRange range;
  };
  void restart(State& state, const NeuronOp<Real>& neuron, std::size_t units);
  void allocate(std::size_t value, const SpikeRange& range);

  const Plan<Real>& plan_;
  std::size_t rows_;
  int words_;
  std::vector<Memory> values_;
  std::vector<State> states_;
  std::vector<std::vector<std::int32_t>> totals_;        // gated pools: [row][unit of the source]
  std::vector<std::vector<std::vector<Real>>> history_;  // delayed sources: [row][delay][size]
};

// Bytes that one row takes in a workspace of so many words.
template <class Real>
std::size_t bytesPerRow(const Plan<Real>& plan, int words);

}  // namespace spiq
