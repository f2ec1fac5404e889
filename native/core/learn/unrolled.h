#pragma once

#include <memory>
#include <vector>

#include "core/learn/training_pass.h"
#include "core/sim/decode.h"
#include "core/sim/encode.h"
#include "core/sim/executor.h"

namespace spiq {

// The forward pass of a network in training: the simulator's operations on all steps at once, which
// leave in the workspace what the way back needs.
template <class Real>
class Unrolled {
 public:
  // `options` is null for float networks. `currents`: those of neurons are kept too.
  Unrolled(const Plan<Real>& plan, const SimulationOptions* options, bool currents,
           const Backend<Real>& backend);

  // Values of one observation as `run` takes it; with given spikes those of all steps.
  std::int64_t observationSize() const;
  Status run(View<const Real> observations, std::size_t rows, const TrainingDraw& draw, bool keep,
             Real* outputs, Control& control);

  // Of the last run.
  std::size_t rows() const { return rows_; }
  bool kept() const { return kept_; }
  Workspace<Real>& workspace() { return *workspace_; }
  const Backend<Real>& backend() const { return backend_; }
  int steps() const { return chunk_.total; }
  const Chunk& chunk() const { return chunk_; }
  // The step whose spikes a row's outputs are with decoding 'first_spike', -1 without any.
  int end(std::size_t row) const { return ends_[row]; }

 private:
  struct Row {
    Encoder<Real> encoder;
    Decoder<Real> decoder;
    std::vector<Real> prepared;      // empty where the workspace has it
    std::vector<std::int8_t> given;  // spikes, [step][input]
  };
  std::int64_t plainSize() const;
  Status reserve(std::size_t rows, std::size_t threads);
  Status takeSpikes(View<const Real> observations);
  void takeRow(std::size_t row, const Real* observation, const TrainingDraw& draw);
  void decode(std::size_t row, Real* out);

  const Plan<Real>& plan_;
  const SimulationOptions* options_;
  bool currents_;
  const Backend<Real>& backend_;
  Chunk chunk_;
  SpikeRange range_{1, 0};
  std::unique_ptr<Workspace<Real>> workspace_;
  std::unique_ptr<Executor<Real>> executor_;
  std::size_t threads_ = 0;
  std::vector<Row> each_;
  std::vector<bool> done_;
  std::vector<int> ends_;
  std::size_t rows_ = 0;
  bool kept_ = false;
};

}  // namespace spiq
