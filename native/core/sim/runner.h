#pragma once

#include <vector>

#include "core/sim/decode.h"
#include "core/sim/executor.h"
#include "core/sim/simulate.h"

namespace spiq {

// Simulates a few rows at a time; each thread has its own, or all share one whose operations they
// split.
template <class Real>
class Runner {
 public:
  Runner(const Plan<Real>& plan, const SimulationOptions& options, const Backend<Real>& backend,
         std::size_t rows, std::size_t threads, SpikeRange range, bool trace);

  std::size_t rows() const { return workspace_.rows(); }
  bool fits(std::size_t rows, std::size_t threads, SpikeRange range, bool trace) const;

  // Rows first, first + 1, ... of the input.
  void run(std::size_t first, std::size_t count, const SimulationInput<Real>& input,
           const RecordRequest& request, SimulationResult<Real>& result, Control& control);

 private:
  void start(std::size_t first, const SimulationInput<Real>& input);
  void execute(const Chunk& chunk, bool constants, Control& control);
  void record(std::size_t row, std::size_t at, const Chunk& chunk, int used,
              const RecordRequest& request, SimulationResult<Real>& result) const;
  double countSpikes(std::size_t row, const Chunk& chunk, int used) const;
  void addCounts(std::size_t row, std::size_t at, const Chunk& chunk, int used,
                 SimulationResult<Real>& result) const;
  void trace(std::size_t row, std::size_t at, const Chunk& chunk, int used,
             SimulationResult<Real>& result) const;

  const Plan<Real>& plan_;
  const SimulationOptions& options_;
  std::size_t threads_;
  SpikeRange range_;
  bool trace_;
  std::int64_t chunkSteps_;
  // Reading it changes nothing that a caller could see.
  mutable Workspace<Real> workspace_;
  Executor<Real> executor_;
  std::vector<Encoder<Real>> encoders_;
  std::vector<Decoder<Real>> decoders_;
  std::vector<std::vector<Real>> prepared_;
  std::vector<std::int64_t> steps_;
  std::vector<bool> done_;
  std::size_t count_ = 0;  // rows in use
  std::size_t inputRows_ = 0;
};

// Words of one chunk that suit a plan.
template <class Real>
int chunkWords(const Plan<Real>& plan, const SimulationOptions& options, bool trace);

}  // namespace spiq
