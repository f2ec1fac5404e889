#pragma once

#include <array>
#include <string>

#include "base/status.h"
#include "core/fixed/by_input.h"

namespace spiq {

constexpr int kMaxShift = 15;
constexpr std::uint32_t kMostInBuffer = 65535;

// Weights as the chip has them: 16 bits without a sign, in units of 2^(shift - 15).
struct Receptor {
  int shift = 0;
  ByInput<std::uint16_t> weights;
};

struct Receptors {
  std::array<Receptor, 2> each;  // excitatory, inhibitory
  std::size_t connections = 0;   // other than 0
  std::size_t vanished = 0;      // of these, now 0
  double largestError = 0;       // of a weight
};

// `what` names the layer in errors.
Result<Receptors> quantise(const ByInput<double>& weights, std::size_t units,
                           const std::optional<Shifts>& shifts, const std::string& what);

}  // namespace spiq
