#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/fixed/membrane.h"

namespace spiq {

struct ConnectionList {
  std::vector<std::uint32_t> pre;
  std::vector<std::uint32_t> post;
  std::vector<double> weights;
};

// Buffers of a receptor hold 16 bits, which are read as (value << shift) steps of s16.15.
using Shifts = std::array<int, 2>;  // excitatory, inhibitory

struct ChipLayerSpec {
  std::size_t units = 0;
  bool fires = true;
  std::vector<double> dense;           // [units][fan-in], where there is no list
  std::optional<ConnectionList> list;  // instead
  std::vector<double> bias;            // of each unit, or none
  std::vector<double> thresholds;      // of each unit
  // Where a unit starts, in place of what lines its bias up with the spikes that come late.
  std::optional<std::vector<double>> initial;
  std::optional<Shifts> shifts;  // otherwise from the largest summed weights
};

// Layers one behind the other. The first one's weights are never on the chip: its current is
// computed from the observation.
struct ChipSpec {
  std::size_t inputs = 0;
  std::vector<ChipLayerSpec> layers;
};

struct ChipOptions {
  std::int64_t steps = 100;
  // In ms; infinite for the ideal neuron, absent to be chosen from the currents of the rows.
  std::optional<double> tauM;
  Rounding rounding = Rounding::Nearest;
};

}  // namespace spiq
