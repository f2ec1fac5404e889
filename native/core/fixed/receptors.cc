#include "core/fixed/receptors.h"

#include <algorithm>
#include <cmath>

namespace spiq {

namespace {

constexpr std::array<const char*, 2> kNames{"excitatory", "inhibitory"};

std::size_t receptorOf(double weight) {
  return weight < 0 ? 1 : 0;
}

// The largest sum of a unit's weights, for each receptor.
std::array<double, 2> largestSums(const ByInput<double>& weights, std::size_t units) {
  std::array<double, 2> largest{};
  for (std::size_t receptor = 0; receptor < 2; ++receptor) {
    std::vector<double> sums(units);
    for (std::size_t c = 0; c < weights.to.size(); ++c)
      if (receptorOf(weights.weights[c]) == receptor)
        sums[weights.to[c]] += std::abs(weights.weights[c]);
    for (const double sum : sums) largest[receptor] = std::max(largest[receptor], sum);
  }
  return largest;
}

// The least for which the sum stays below 2^shift, half of what a buffer holds.
int shiftFor(double sum) {
  int shift = 0;
  while (shift <= kMaxShift && std::ldexp(1.0, shift) <= sum) ++shift;
  return shift;
}

}  // namespace

Result<Receptors> quantise(const ByInput<double>& weights, std::size_t units,
                           const std::optional<Shifts>& shifts, const std::string& what) {
  Receptors receptors;
  receptors.connections = weights.to.size();
  const std::array<double, 2> sums = largestSums(weights, units);
  for (std::size_t r = 0; r < 2; ++r) {
    const int shift = shifts ? (*shifts)[r] : shiftFor(sums[r]);
    if (shift > kMaxShift) {
      return mismatch(Code::Range, what + ", sum of a unit's " + kNames[r] + " weights",
                      "less than 32768", showNumber(sums[r]));
    }
    receptors.each[r].shift = shift;
    receptors.each[r].weights.starts.reserve(weights.starts.size());
  }
  for (std::size_t input = 0; input + 1 < weights.starts.size(); ++input) {
    for (Receptor& receptor : receptors.each)
      receptor.weights.starts.push_back(receptor.weights.to.size());
    for (std::size_t c = weights.starts[input]; c < weights.starts[input + 1]; ++c) {
      const std::size_t r = receptorOf(weights.weights[c]);
      Receptor& receptor = receptors.each[r];
      const double weight = std::abs(weights.weights[c]);
      const double quanta = std::nearbyint(std::ldexp(weight, kFractionBits - receptor.shift));
      if (quanta > kMostInBuffer) {
        return mismatch(
            Code::Range, what + ", " + kNames[r] + " weights",
            "less than " + showNumber(std::ldexp(2.0, receptor.shift)) + " with the shift given",
            showNumber(weight));
      }
      receptors.largestError =
          std::max(receptors.largestError,
                   std::abs(weight - std::ldexp(quanta, receptor.shift - kFractionBits)));
      if (quanta == 0) {
        ++receptors.vanished;
        continue;
      }
      receptor.weights.to.push_back(weights.to[c]);
      receptor.weights.weights.push_back(static_cast<std::uint16_t>(quanta));
    }
  }
  for (Receptor& receptor : receptors.each)
    receptor.weights.starts.push_back(receptor.weights.to.size());
  return receptors;
}

}  // namespace spiq
