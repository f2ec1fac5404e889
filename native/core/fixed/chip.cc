#include "core/fixed/chip.h"

#include <algorithm>
#include <atomic>
#include <limits>

#include "core/fixed/chip_parameters.h"
#include "core/fixed/chip_row.h"
#include "core/sim/simulate.h"

namespace spiq {

namespace {

// Rows that a thread takes at a time.
constexpr std::size_t kRowsAtATime = 8;
constexpr double kLargestPower = 32768;
constexpr double kIdeal = std::numeric_limits<double>::infinity();
// Potentials of a trace: 2 GiB.
constexpr std::size_t kMostTraced = std::size_t{1} << 28;

}  // namespace

double largestTauM(double current) {
  double tauM = kLargestPower;
  while (tauM > 1 && tauM * current > 65535) tauM /= 2;
  return tauM;
}

void ChipTally::add(const ChipTally& other) {
  clipped += other.clipped;
  overflows += other.overflows;
  largest = std::max(largest, other.largest);
}

Result<std::unique_ptr<const Chip>> Chip::make(const ChipSpec& spec) {
  if (Status status = checkChip(spec); !status.ok()) return status;
  std::unique_ptr<Chip> chip(new Chip());
  std::size_t inputs = spec.inputs;
  for (std::size_t l = 0; l < spec.layers.size(); ++l) {
    const ChipLayerSpec& given = spec.layers[l];
    Result<ChipLayer> layer = chipParameters(given, l);
    if (!layer.ok()) return layer.status();
    ByInput<double> weights = byInput(given, inputs);
    if (l == 0) {
      layer.value().receptors.connections = weights.to.size();
      chip->input_ = {inputs, std::move(weights), given.bias};
      chip->input_.bias.resize(given.units);
    } else {
      auto receptors = quantise(weights, given.units, given.shifts, chipLayerName(l));
      if (!receptors.ok()) return receptors.status();
      layer.value().receptors = receptors.take();
    }
    if (given.fires) chip->firing_ += given.units;
    chip->layers_.push_back(layer.take());
    inputs = given.units;
  }
  return std::unique_ptr<const Chip>(std::move(chip));
}

std::size_t Chip::bytes() const {
  std::size_t sum = input_.weights.to.size() * (sizeof(std::uint32_t) + sizeof(double));
  for (const ChipLayer& layer : layers_) {
    sum += layer.units * 3 * sizeof(S1615);
    for (const Receptor& receptor : layer.receptors.each)
      sum += receptor.weights.to.size() * (sizeof(std::uint32_t) + sizeof(std::uint16_t));
  }
  return sum;
}

Status Chip::refuseRow(View<const double> observation, std::size_t row) const {
  std::vector<double> sums(layers_.front().units);
  ChipRow::currents(input_, observation, sums);
  const auto refused =
      std::find_if(sums.begin(), sums.end(), [](double sum) { return !toS1615(sum); });
  return mismatch(Code::Range,
                  "row " + std::to_string(row) + ", current of the first layer's unit " +
                      std::to_string(refused - sums.begin()),
                  "a number from " + showNumber(kLeastS1615) + " to below " + showNumber(kEndS1615),
                  showNumber(*refused));
}

Status Chip::runRows(View<const double> observations, std::size_t rows, const ChipOptions& options,
                     const Membrane& membrane, ChipResult& result, Control& control) const {
  result.layers.assign(layers_.size(), {});
  result.counts.resize(rows * firing_);
  result.potentials.resize(rows * outputs());
  const std::size_t tasks = (rows + kRowsAtATime - 1) / kRowsAtATime;
  std::vector<std::unique_ptr<ChipRow>> workers(std::min(control.threads, tasks));
  for (auto& worker : workers) worker = std::make_unique<ChipRow>(*this);
  std::atomic<std::size_t> refused{rows};
  const auto observationOf = [&](std::size_t row) {
    return View<const double>{observations.data + row * input_.inputs, input_.inputs};
  };
  control.pool.run(tasks, workers.size(), [&](std::size_t task, std::size_t worker) {
    ChipRow& chip = *workers[worker];
    const std::size_t last = std::min(rows, (task + 1) * kRowsAtATime);
    for (std::size_t row = task * kRowsAtATime; row < last; ++row) {
      if (control.cancelled.load(std::memory_order_relaxed)) return;
      if (!chip.run(observationOf(row), options.steps, membrane, control)) {
        // The first such row is named, whichever thread comes to one first.
        std::size_t before = refused;
        while (row < before && !refused.compare_exchange_weak(before, row)) continue;
        return;
      }
      std::copy(chip.counts().begin(), chip.counts().end(), result.counts.begin() + row * firing_);
      for (std::size_t o = 0; o < outputs(); ++o)
        result.potentials[row * outputs() + o] = chip.potential(o);
      control.done += static_cast<std::uint64_t>(options.steps);
    }
  });
  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  if (refused < rows) return refuseRow(observationOf(refused), refused);
  for (const auto& worker : workers) {
    for (std::size_t l = 0; l < layers_.size(); ++l) result.layers[l].add(worker->tallies()[l]);
  }
  return {};
}

Status Chip::check(View<const double> observations, std::size_t rows,
                   const ChipOptions& options) const {
  if (rows == 0) return mismatch(Code::Shape, "observations", "at least one row", "none");
  if (options.tauM && *options.tauM != kIdeal &&
      (!(*options.tauM >= 1 / kS1615Steps) || !toS1615(*options.tauM))) {
    return mismatch(Code::Range, "option 'tauM'",
                    "a number from 2^-15 to below " + showNumber(kEndS1615) + ", or Infinity",
                    showNumber(*options.tauM));
  }
  return checkObservations(observations, rows, static_cast<std::int64_t>(input_.inputs));
}

Result<Membrane> Chip::membraneFor(View<const double> observations, std::size_t rows,
                                   const ChipOptions& options, ChipResult& result,
                                   Control& control) const {
  if (options.tauM) {
    result.tauM = *options.tauM;
  } else {
    Status status = runRows(observations, rows, options, Membrane::ideal(), result, control);
    if (!status.ok()) return status;
    std::uint64_t largest = 0;
    for (const ChipTally& layer : result.layers) largest = std::max(largest, layer.largest);
    result.tauM = largestTauM(static_cast<double>(largest) / kS1615Steps);
  }
  return result.tauM == kIdeal ? Membrane::ideal() : Membrane::leaky(result.tauM, options.rounding);
}

Result<ChipResult> Chip::run(View<const double> observations, std::size_t rows,
                             const ChipOptions& options, Control& control) const {
  if (Status status = check(observations, rows, options); !status.ok()) return status;
  const auto work = static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(options.steps);
  control.total = options.tauM ? work : 2 * work;
  ChipResult result;
  Result<Membrane> membrane = membraneFor(observations, rows, options, result, control);
  if (!membrane.ok()) return membrane.status();
  Status status = runRows(observations, rows, options, membrane.value(), result, control);
  if (!status.ok()) return status;
  result.decay = membrane.value().decay();
  result.gain = membrane.value().gain();
  return result;
}

Result<ChipTrace> Chip::trace(View<const double> observation, const ChipOptions& options,
                              Control& control) const {
  if (Status status = check(observation, 1, options); !status.ok()) return status;
  std::size_t units = 0;
  for (const ChipLayer& layer : layers_) units += layer.units;
  if (static_cast<std::size_t>(options.steps) > kMostTraced / units) {
    return mismatch(Code::Memory, "trace of every step",
                    "at most " + std::to_string(kMostTraced) + " potentials (fewer steps)",
                    std::to_string(options.steps) + " steps of " + std::to_string(units));
  }
  const auto work = static_cast<std::uint64_t>(options.steps);
  control.total = options.tauM ? work : 2 * work;
  ChipResult chosen;
  const Result<Membrane> membrane = membraneFor(observation, 1, options, chosen, control);
  if (!membrane.ok()) return membrane.status();
  ChipTrace trace{std::vector<std::vector<std::uint32_t>>(layers_.size()),
                  std::vector<std::vector<double>>(layers_.size())};
  ChipRow row(*this);
  const bool held = row.run(observation, options.steps, membrane.value(), control, &trace);
  if (Status status = control.cancelledStatus(); !status.ok()) return status;
  if (!held) return refuseRow(observation, 0);
  control.done += work;
  return trace;
}

}  // namespace spiq
