#pragma once

#include <vector>

#include "core/sim/workspace.h"

namespace spiq {

// Carries out the operations of a plan on a workspace. Each splits into tasks that may run in any
// order, on any thread, with the same result.
template <class Real>
class Executor {
 public:
  Executor(const Plan<Real>& plan, const Backend<Real>& backend, Workspace<Real>& workspace,
           std::size_t threads);

  // Nothing to do at this point for operations whose result is there already: fused ones, and
  // constants after the first chunk.
  bool idles(std::size_t operation, bool constants) const;
  std::size_t tasks(std::size_t operation, std::size_t rows) const;
  // On the first `rows` rows but those marked in `done`; `thread` numbers the scratch memory.
  void run(std::size_t operation, std::size_t task, std::size_t thread, const Chunk& chunk,
           std::size_t rows, const std::vector<bool>& done);
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
  };

  // Cells of one task.
  std::int64_t block(const Operation<Real>& operation, std::int64_t cells) const;
  Task taskOf(const Operation<Real>& operation, std::size_t task, std::size_t rows) const;

  void project(const Operation<Real>& operation, const LinearData<Real>& linear, const Task& task,
               Scratch& scratch, const Chunk& chunk);
  void sumSpikes(const Operation<Real>& operation, const LinearData<Real>& linear, const Task& task,
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
  void rectify(const Operation<Real>& operation, std::size_t row);

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
  std::vector<std::size_t> neuronIndex_;       // of operations with neurons, in plan.neurons
  std::vector<const Operation<Real>*> fused_;  // the linear operation whose sums they take
};

}  // namespace spiq
