#pragma once

#include <array>
#include <cstdint>

namespace spiq {

// Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011): a pure
// function of key and counter, so that randomness depends on what is drawn and never on the order
// of calls.
using PhiloxBlock = std::array<std::uint32_t, 4>;

PhiloxBlock philox(PhiloxBlock counter, std::uint64_t key);

// Streams keep the uses of one seed apart.
enum class Stream : std::uint32_t { PoissonInput = 1, Tuning = 2, Replay = 3 };

// 24-bit uniforms in [0, 1) for one observation: element `index` at time `step`.
class UniformSource {
 public:
  UniformSource(std::uint64_t seed, Stream stream, std::uint64_t observation);
  // Four neighbours: indices 4*quad .. 4*quad+3, each as an integer multiple of 2^-24.
  PhiloxBlock quad24(std::uint32_t quad, std::uint32_t step) const;

 private:
  std::uint64_t key_;
  std::uint64_t observation_;
};

}  // namespace spiq
