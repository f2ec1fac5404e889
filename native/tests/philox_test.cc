#include "base/philox.h"

#include <vector>

#include "tests/check.h"

namespace spiq {

static std::vector<std::uint32_t> listed(const PhiloxBlock& block) {
  return {block.begin(), block.end()};
}

// Random123's kat_vectors, lines "philox4x32 10".
CASE("philox4x32-10 gives the known answers") {
  using Words = std::vector<std::uint32_t>;
  EXPECT_EQUAL(listed(philox({0, 0, 0, 0}, 0)),
               (Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8}));
  constexpr std::uint32_t ones = 0xffffffff;
  EXPECT_EQUAL(listed(philox({ones, ones, ones, ones}, ~std::uint64_t{0})),
               (Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd}));
  EXPECT_EQUAL(listed(philox({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, 0x299f31d0a4093822)),
               (Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1}));
}

CASE("uniforms are the upper 24 bits of blocks under a key of seed and stream") {
  const std::uint64_t seed = 0x0123456789abcdef;
  const std::uint64_t observation = 0x1122334455667788;
  const PhiloxBlock key = philox({static_cast<std::uint32_t>(Stream::PoissonInput), 0, 0, 0}, seed);
  const PhiloxBlock block =
      philox({5, 9, 0x55667788, 0x11223344}, (std::uint64_t{key[1]} << 32) | key[0]);
  const PhiloxBlock drawn = UniformSource(seed, Stream::PoissonInput, observation).quad24(5, 9);
  for (std::size_t i = 0; i < 4; ++i) EXPECT_EQUAL(drawn[i], block[i] >> 8);
}

CASE("seed, stream, observation, index and step each change the uniforms") {
  const auto draw = [](std::uint64_t seed, std::uint32_t stream, std::uint64_t observation,
                       std::uint32_t quad, std::uint32_t step) {
    return listed(UniformSource(seed, static_cast<Stream>(stream), observation).quad24(quad, step));
  };
  const std::vector<std::vector<std::uint32_t>> draws{
      draw(1, 1, 0, 0, 0), draw(2, 1, 0, 0, 0), draw(1 + (std::uint64_t{1} << 32), 1, 0, 0, 0),
      draw(1, 2, 0, 0, 0), draw(1, 1, 1, 0, 0), draw(1, 1, std::uint64_t{1} << 32, 0, 0),
      draw(1, 1, 0, 1, 0), draw(1, 1, 0, 0, 1)};
  for (std::size_t i = 0; i < draws.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) EXPECT_TRUE(draws[i] != draws[j]);
  }
  EXPECT_EQUAL(draw(1, 1, 0, 0, 0), draws[0]);
}

CASE("uniforms are uniform by mean and chi-square") {
  constexpr int kBins = 64;
  constexpr int kQuads = 1000;
  constexpr int kSteps = 100;
  constexpr double kDraws = 4.0 * kQuads * kSteps;
  const UniformSource source(2024, Stream::PoissonInput, 3);
  std::vector<double> bins(kBins);
  double sum = 0;
  for (std::uint32_t quad = 0; quad < kQuads; ++quad) {
    for (std::uint32_t step = 0; step < kSteps; ++step) {
      for (const std::uint32_t word : source.quad24(quad, step)) {
        EXPECT_TRUE(word < (1U << 24));
        sum += word * 0x1p-24;
        bins[word >> 18] += 1;
      }
    }
  }
  // A uniform's standard deviation is 1/sqrt(12); five of the mean's.
  EXPECT_NEAR(sum / kDraws, 0.5, 5 / std::sqrt(12 * kDraws));
  double chiSquare = 0;
  for (const double count : bins) {
    chiSquare += (count - kDraws / kBins) * (count - kDraws / kBins) / (kDraws / kBins);
  }
  // 63 degrees of freedom: 27.5 and 124.3 leave out a millionth and less on either side.
  EXPECT_TRUE(chiSquare > 22 && chiSquare < 124);
}

}  // namespace spiq
