#pragma once

#include <cstdint>

#include "base/philox.h"

namespace spiq {

// The draws of one memory, in order: 32 bits from each word of Philox's blocks. Seed and number of
// words drawn are its whole state.
class ReplayGenerator {
 public:
  explicit ReplayGenerator(std::uint64_t seed, std::uint64_t drawn = 0)
      : seed_(seed), drawn_(drawn) {
    const PhiloxBlock mixed = philox({static_cast<std::uint32_t>(Stream::Replay), 0, 0, 0}, seed);
    key_ = (std::uint64_t{mixed[1]} << 32) | mixed[0];
    if (drawn_ % 4 != 0) fill();
  }

  std::uint64_t seed() const { return seed_; }
  std::uint64_t drawn() const { return drawn_; }

  std::uint32_t bits() {
    if (drawn_ % 4 == 0) fill();
    return block_[drawn_++ % 4];
  }

  // A whole number below `range`, each as likely as the others (Lemire, "Fast random integer
  // generation in an interval", ACM TOMACS 29, 2019).
  std::uint32_t below(std::uint32_t range) {
    std::uint64_t product = std::uint64_t{bits()} * range;
    if (static_cast<std::uint32_t>(product) < range) {
      const std::uint32_t least = (0U - range) % range;
      while (static_cast<std::uint32_t>(product) < least) product = std::uint64_t{bits()} * range;
    }
    return static_cast<std::uint32_t>(product >> 32);
  }

  // A multiple of 2^-53 in [0, 1).
  double uniform() {
    const std::uint64_t upper = bits() >> 5;
    const std::uint64_t lower = bits() >> 6;
    return static_cast<double>((upper << 26) | lower) * 0x1p-53;
  }

 private:
  void fill() {
    const std::uint64_t block = drawn_ / 4;
    block_ = philox(
        {static_cast<std::uint32_t>(block), static_cast<std::uint32_t>(block >> 32), 0, 0}, key_);
  }

  std::uint64_t seed_;
  std::uint64_t drawn_;
  std::uint64_t key_;
  PhiloxBlock block_{};
};

}  // namespace spiq
