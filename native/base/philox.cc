#include "base/philox.h"

namespace spiq {

namespace {

constexpr std::uint32_t kMultiplier0 = 0xD2511F53;
constexpr std::uint32_t kMultiplier1 = 0xCD9E8D57;
constexpr std::uint32_t kWeyl0 = 0x9E3779B9;
constexpr std::uint32_t kWeyl1 = 0xBB67AE85;
constexpr int kRounds = 10;

}  // namespace

PhiloxBlock philox(PhiloxBlock counter, std::uint64_t key) {
  auto key0 = static_cast<std::uint32_t>(key);
  auto key1 = static_cast<std::uint32_t>(key >> 32);
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t product0 = std::uint64_t{kMultiplier0} * counter[0];
    const std::uint64_t product1 = std::uint64_t{kMultiplier1} * counter[2];
    counter = {static_cast<std::uint32_t>(product1 >> 32) ^ counter[1] ^ key0,
               static_cast<std::uint32_t>(product1),
               static_cast<std::uint32_t>(product0 >> 32) ^ counter[3] ^ key1,
               static_cast<std::uint32_t>(product0)};
    key0 += kWeyl0;
    key1 += kWeyl1;
  }
  return counter;
}

UniformSource::UniformSource(std::uint64_t seed, Stream stream, std::uint64_t observation)
    // The stream enters through a block cipher of its own, so that near seeds do not share streams.
    : observation_(observation) {
  const PhiloxBlock mixed = philox({static_cast<std::uint32_t>(stream), 0, 0, 0}, seed);
  key_ = (std::uint64_t{mixed[1]} << 32) | mixed[0];
}

PhiloxBlock UniformSource::quad24(std::uint32_t quad, std::uint32_t step) const {
  PhiloxBlock block = philox({quad, step, static_cast<std::uint32_t>(observation_),
                              static_cast<std::uint32_t>(observation_ >> 32)},
                             key_);
  for (std::uint32_t& word : block) word >>= 8;
  return block;
}

}  // namespace spiq
