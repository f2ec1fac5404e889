#pragma once

#include <vector>

#include "core/plan/control.h"
#include "core/sim/spike_lists.h"
#include "core/sim/workspace.h"

namespace spiq {

// Carries out the operations of a plan on a workspace: the same result on any number of threads.
template <class Real>
class Executor {
 public:
  Executor(const Plan<Real>& plan, const Backend<Real>& backend, Workspace<Real>& workspace,
           std::size_t threads);

  // All operations but those whose result is there already: with `constants` only what is the same
  // in every step, without it the rest. Rows marked in `done` need no result. Stops where the
  // caller has cancelled.
  void execute(const Chunk& chunk, bool constants, std::size_t rows, const std::vector<bool>& done,
               Control& control);
  // After all operations of a chunk: what delayed edges will read later.
  void remember(const Chunk& chunk, std::size_t rows);

 private:
  // Some cells of a value, which are its positions, row after row, and a tile of their units.
  struct Task {
    std::int64_t tile;
    std::int64_t first;
    std::int64_t last;
  };
  struct Scratch {
    AlignedVector<Real> sums;  // [step of a word][unit of a tile or of several cells]
    std::vector<Real> step;    // a value in one step
    std::vector<Column<Real>> columns;
    SpikeLists<Real> lists;
  };

  bool idles(std::size_t operation, bool constants) const;
  bool worthSplitting(std::size_t operation, std::size_t rows) const;
  // Tasks of an operation run in any order and on any thread. `thread` numbers the scratch memory.
  std::size_t tasks(std::size_t operation, std::size_t rows) const;
  void begin(std::size_t operation, const Chunk& chunk, std::size_t rows);
  void run(std::size_t operation, std::size_t task, std::size_t thread, const Chunk& chunk,
           std::size_t rows, const std::vector<bool>& done);

  // Cells of one task.
  std::int64_t block(const Operation<Real>& operation, std::int64_t cells) const;
  Task taskOf(const Operation<Real>& operation, std::size_t task, std::size_t rows) const;

  // Whether an observation only changes from the user's order to that of its layout, and its part.
  bool reorders(const Operation<Real>& operation, const GatherOp& taken) const;
  void reorder(const Operation<Real>& operation, std::size_t task);
  void project(const Operation<Real>& operation, const LinearData<Real>& linear, const Task& task,
               Scratch& scratch, const Chunk& chunk);
  // Sums of neighbouring cells in a word into the scratch memory, side by side, with `stride`
  // between steps.
  void accumulate(std::size_t operation, std::int64_t tile, std::int64_t firstCell,
                  std::int64_t cells, Scratch& scratch, const Chunk& chunk, int word,
                  std::int64_t stride);
  // All words of one cell of a narrow tile together: what a call costs counts there.
  bool sumsWordsAtOnce(std::size_t operation, std::int64_t cells, std::int64_t width,
                       const Chunk& chunk) const;
  void accumulateWords(std::size_t operation, std::int64_t tile, std::int64_t cell,
                       Scratch& scratch, const Chunk& chunk, std::int64_t width);
  void sumSpikes(std::size_t operation, const LinearData<Real>& linear, const Task& task,
                 Scratch& scratch, const Chunk& chunk);
  void fire(std::size_t operation, const NeuronOp<Real>& neuron, const Task& task, Scratch& scratch,
            const Chunk& chunk);
  // Where the neurons' input in a word is: [step][unit], with the distance of two steps.
  struct Drive {
    const Real* input;
    std::int64_t stride;
  };
  Drive drive(std::size_t operation, std::int64_t cell, std::int64_t cells, std::int64_t tile,
              Scratch& scratch, const Chunk& chunk, int word);
  void update(std::size_t index, const NeuronOp<Real>& neuron, const UnitsView<Real>& units,
              std::int64_t at, const Drive& drive, const Chunk& chunk, int word);
  void gather(const Operation<Real>& operation, const GatherOp::From* begin,
              const GatherOp::From* end, Scratch& scratch, const Chunk& chunk, std::size_t row);
  void gatherSpikes(const Operation<Real>& operation, const GatherOp::From* begin,
                    const GatherOp::From* end, const Chunk& chunk, std::size_t row);
  void pool(std::size_t operation, const PoolOp<Real>& op, Scratch& scratch, const Chunk& chunk,
            std::size_t row);
  void gate(std::size_t operation, const PoolOp<Real>& op, const Chunk& chunk, std::size_t row);
  void add(std::size_t operation, Scratch& scratch, const Chunk& chunk, std::size_t row);
  void rectify(const Operation<Real>& operation, const ReluOp<Real>& op, std::size_t rows,
               std::size_t task);
  std::size_t rectifiedTogether(const Operation<Real>& operation) const;

  // The value as reals in a step of the chunk; `buffer` is filled where it is made of spikes.
  const Real* realsAt(std::size_t value, std::size_t row, const Chunk& chunk, int step,
                      std::vector<Real>& buffer);
  std::size_t sizeOf(std::size_t value) const {
    return static_cast<std::size_t>(plan_.layoutOf(value).size());
  }
  // Steps that a value has results for: 1 for constants.
  int stepsOf(std::size_t value, const Chunk& chunk) const {
    return plan_.values[value].form == Form::Constant ? 1 : chunk.total;
  }

  const Plan<Real>& plan_;
  const Backend<Real>& backend_;
  Workspace<Real>& workspace_;
  std::vector<Scratch> scratch_;
  std::vector<std::size_t> neuronIndex_;  // of operations with neurons, in plan.neurons
  // The linear operation whose sums of spikes an operation needs, which may be itself.
  std::vector<const Operation<Real>*> summed_;
  std::vector<bool> listed_;  // whether lists of those spikes may pay
};

}  // namespace spiq
