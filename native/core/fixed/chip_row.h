#pragma once

#include "core/fixed/chip.h"

namespace spiq {

// One observation on the chip after the other, in the same memory.
class ChipRow {
 public:
  explicit ChipRow(const Chip& chip);

  // False where the first layer's current is no number of the chip.
  bool run(View<const double> observation, std::int64_t steps, const Membrane& membrane,
           const Control& control, ChipTrace* trace = nullptr);

  const std::vector<std::uint32_t>& counts() const { return counts_; }
  double potential(std::size_t output) const { return fromS1615(units_.back().v[output]); }
  const std::vector<ChipTally>& tallies() const { return tallies_; }

  // The first layer's current in float64: its inputs in ascending order, each product added with
  // one rounding, the bias last.
  static void currents(const ChipInput& input, View<const double> observation,
                       std::vector<double>& sums);

 private:
  struct Units {
    std::vector<S1615> v;
    std::vector<std::uint32_t> spikes;  // units that fired in the newest step
    std::array<std::vector<std::uint32_t>, 2> buffers;
    std::size_t firstCount = 0;
  };

  bool begin(View<const double> observation);
  void receive(std::size_t layer);
  void update(std::size_t layer, bool counted, const Membrane& membrane);
  void note(std::size_t layer, std::int64_t step, ChipTrace& trace) const;

  const Chip& chip_;
  std::vector<double> sums_;
  std::vector<S1615> firstOffsets_;
  std::vector<Units> units_;
  std::vector<std::uint32_t> counts_;
  std::vector<ChipTally> tallies_;
};

}  // namespace spiq
