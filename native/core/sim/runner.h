#pragma once

#include <vector>

#include "core/sim/anytime.h"
#include "core/sim/executor.h"
#include "core/sim/record.h"
#include "core/sim/simulate.h"

namespace spiq {

// Simulates a few rows at a time; each thread has its own, or all share one whose operations they
// split.
template <class Real>
class Runner {
 public:
  // `words`: of its longest chunk.
  Runner(const Plan<Real>& plan, const SimulationOptions& options, const Backend<Real>& backend,
         std::size_t rows, std::size_t threads, SpikeRange range, const Watch& watch, int words);

  std::size_t rows() const { return workspace_.rows(); }
  bool fits(std::size_t rows, std::size_t threads, SpikeRange range, const Watch& watch,
            int words) const;

  // Rows first, first + 1, ... of the input, from the first step to the last; `anytime` may be
  // null.
  void run(std::size_t first, std::size_t count, const SimulationInput<Real>& input,
           Recorder<Real>& recorder, Anytime<Real>* anytime, Control& control);

  // The same in pieces, for whoever keeps the runner between them.
  void start(std::size_t first, std::size_t count, const SimulationInput<Real>& input);
  // From the first step again, with what the neurons have not told of yet.
  void carry(const SimulationInput<Real>& input);
  // Other observations from the next step on.
  void observe(const SimulationInput<Real>& input, Control& control);
  void feed(const GivenSpikes& given);
  // Rows go on behind their first spike.
  void advance(const Chunk& chunk, Recorder<Real>& recorder, Control& control);
  void decode(std::size_t row, Real* out) const;
  // The state of all rows, in bytes that do not depend on how rows are divided among runners.
  void exchange(StateBytes& bytes);
  std::int64_t chunkSteps() const { return chunkSteps_; }

 private:
  void startRows(const SimulationInput<Real>& input);
  void encode(const Chunk& chunk);
  // Whether a row goes on.
  bool see(std::size_t row, const Chunk& chunk, Recorder<Real>& recorder, Anytime<Real>* anytime);
  void finish(Recorder<Real>& recorder, Anytime<Real>* anytime);
  Real* preparedOf(std::size_t row);
  void exchangeRow(std::size_t row, StateBytes& bytes);

  const Plan<Real>& plan_;
  const SimulationOptions& options_;
  std::size_t threads_;
  SpikeRange range_;
  Watch watch_;
  std::int64_t chunkSteps_;
  Workspace<Real> workspace_;
  Executor<Real> executor_;
  std::vector<Encoder<Real>> encoders_;
  std::vector<Decoder<Real>> decoders_;
  std::vector<std::vector<Real>> prepared_;
  std::vector<std::int64_t> steps_;
  std::vector<bool> done_;
  std::size_t first_ = 0;  // of the input's rows
  std::size_t count_ = 0;  // rows in use
};

// Words of one chunk that suit a plan.
template <class Real>
int chunkWords(const Plan<Real>& plan, const SimulationOptions& options, bool trace);

}  // namespace spiq
