#pragma once

#include <memory>

#include "base/shape.h"
#include "core/fixed/receptors.h"
#include "core/plan/control.h"

namespace spiq {

constexpr std::int64_t kMaxChipSteps = 10'000'000;

// A layer with its parameters as the chip has them.
struct ChipLayer {
  std::size_t units = 0;
  bool fires = true;
  Receptors receptors;         // of layers behind the first
  std::vector<S1615> offsets;  // of each unit, behind the first layer
  std::vector<S1615> thresholds;
  std::vector<S1615> start;
  std::size_t unaligned = 0;  // units whose bias cannot be lined up by where they start
};

// The first layer's current: a sum over its inputs for each observation.
struct ChipInput {
  std::size_t inputs = 0;
  ByInput<double> weights;
  std::vector<double> bias;  // of each unit
};

// What did not fit, and the largest current of a step.
struct ChipTally {
  std::uint64_t clipped = 0;    // buffers of a unit that were cut in a step
  std::uint64_t overflows = 0;  // updates of a unit in which a result wrapped
  std::uint64_t largest = 0;    // in steps of s16.15

  void add(const ChipTally& other);
};

struct ChipResult {
  std::vector<std::uint32_t> counts;  // [rows][units that fire, layer by layer]
  std::vector<double> potentials;     // [rows][outputs], at the end
  std::vector<ChipTally> layers;
  double tauM = 0;
  double decay = 0;
  double gain = 0;
};

// What one observation does, step by step. Each layer's steps are counted from its own first one.
struct ChipTrace {
  std::vector<std::vector<std::uint32_t>> spikes;  // of each layer: a step and a unit, in turns
  std::vector<std::vector<double>> potentials;     // of each layer: [steps][units], after the step
};

// A network on the chip, as its public sources describe the neurons. Spikes take a step to the
// next layer, so layer l runs l steps late: its spikes are counted from step l on, for T steps, and
// the run takes T + layers - 1 steps.
class Chip {
 public:
  static Result<std::unique_ptr<const Chip>> make(const ChipSpec& spec);

  // Every row is computed by itself. Where no time constant is given, the rows are run through
  // ideal neurons first, for the largest current that they bring.
  Result<ChipResult> run(View<const double> observations, std::size_t rows,
                         const ChipOptions& options, Control& control) const;

  // The same for one observation, with all that its units do.
  Result<ChipTrace> trace(View<const double> observation, const ChipOptions& options,
                          Control& control) const;

  const ChipInput& input() const { return input_; }
  const std::vector<ChipLayer>& layers() const { return layers_; }
  std::size_t firing() const { return firing_; }
  std::size_t outputs() const { return layers_.back().units; }
  // About what it holds.
  std::size_t bytes() const;

 private:
  Chip() = default;
  Status check(View<const double> observations, std::size_t rows, const ChipOptions& options) const;
  // The one that is given, or chosen for these rows, and `result.tauM`.
  Result<Membrane> membraneFor(View<const double> observations, std::size_t rows,
                               const ChipOptions& options, ChipResult& result,
                               Control& control) const;
  Status runRows(View<const double> observations, std::size_t rows, const ChipOptions& options,
                 const Membrane& membrane, ChipResult& result, Control& control) const;
  Status refuseRow(View<const double> observation, std::size_t row) const;

  ChipInput input_;
  std::vector<ChipLayer> layers_;
  std::size_t firing_ = 0;
};

// The largest power of two for which a current times the time constant stays in the range.
double largestTauM(double current);

}  // namespace spiq
