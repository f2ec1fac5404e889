#include "core/sim/encode.h"

#include "tests/check.h"

namespace spiq {

namespace {

using Times = std::vector<std::int64_t>;

SimulationOptions optionsFor(Encoding encoding, std::int64_t steps,
                             Semantics semantics = Semantics::Direct) {
  SimulationOptions options;
  options.encoding = encoding;
  options.steps = steps;
  options.semantics = semantics;
  return options;
}

// The steps at which each input fires, once for every spike; encoded in blocks of `block` steps.
template <class Real = double>
std::vector<Times> spikeTimes(const SimulationOptions& options, const std::vector<Real>& x,
                              std::size_t block = 7,
                              UniformSource uniforms = {0, Stream::PoissonInput, 0}) {
  Encoder<Real> encoder(options, static_cast<std::int64_t>(x.size()));
  encoder.start(x.data(), uniforms, {}, 0, 1);
  std::vector<std::uint32_t> masks(x.size());
  std::vector<Times> times(x.size());
  for (std::int64_t first = 0; first < options.steps; first += static_cast<std::int64_t>(block)) {
    const auto steps =
        static_cast<int>(std::min(block, static_cast<std::size_t>(options.steps - first)));
    encoder.encode(first, steps, {1, 0}, masks.data(), static_cast<std::int64_t>(x.size()));
    for (int step = 0; step < steps; ++step) {
      for (std::size_t i = 0; i < x.size(); ++i) {
        if ((masks[i] >> step & 1U) != 0) times[i].push_back(first + step);
      }
    }
  }
  return times;
}

Times every(std::int64_t steps) {
  Times times;
  for (std::int64_t t = 0; t < steps; ++t) times.push_back(t);
  return times;
}

}  // namespace

CASE("equidistant, direct: floor(x T) spikes spread evenly, all steps from 1 upwards") {
  const auto options = optionsFor(Encoding::Equidistant, 16);
  EXPECT_EQUAL(
      spikeTimes(options, {0.25, 0.375, 1, 1.5, 0, -0.5}),
      (std::vector<Times>{{3, 7, 11, 15}, {2, 5, 7, 10, 13, 15}, every(16), every(16), {}, {}}));
}

CASE("equidistant, dsqn: rounding of halves to even, the jam above 1, one spike at -2") {
  const auto options = optionsFor(Encoding::Equidistant, 13, Semantics::Dsqn);
  const std::vector<Times> expected{{4, 8, 12}, {2, 5, 8, 10, 12}, {1}, {0, 1, 2}, {}, {0}, {}};
  EXPECT_EQUAL(spikeTimes<double>(options, {0.25, 0.4, 1.5, 2, 0, -2, -1}), expected);
  EXPECT_EQUAL(spikeTimes<float>(options, {0.25F, 0.4F, 1.5F, 2, 0, -2, -1}), expected);
}

CASE("equidistant, dsqn: the counters start anew with each observation") {
  const auto options = optionsFor(Encoding::Equidistant, 5, Semantics::Dsqn);
  Encoder<double> encoder(options, 1);
  std::uint32_t mask = 0;
  const double x = 0.5;
  for (int observation = 0; observation < 2; ++observation) {
    encoder.start(&x, {0, Stream::PoissonInput, 0}, {}, 0, 1);
    encoder.encode(0, 5, {1, 0}, &mask, 1);
    EXPECT_EQUAL(__builtin_popcount(mask), 2);
  }
}

CASE("latency: one spike, earlier for larger values") {
  const auto options = optionsFor(Encoding::Latency, 5);
  EXPECT_EQUAL(spikeTimes(options, {1, 0.5, 0.25, 2, 1e-9, 0, -1}),
               (std::vector<Times>{{0}, {2}, {3}, {0}, {4}, {}, {}}));
}

CASE("poisson draws from the generator by index, step and observation") {
  const UniformSource uniforms(99, Stream::PoissonInput, 12345);
  const std::vector<double> x{0.1, 0.9, 0.5, 0.3, 1, 0, -1, 0.7, 0.5};
  std::vector<Times> expected(x.size());
  for (std::uint32_t step = 0; step < 200; ++step) {
    for (std::uint32_t i = 0; i < x.size(); ++i) {
      if (uniforms.quad24(i / 4, step)[i % 4] * 0x1p-24 < x[i]) expected[i].push_back(step);
    }
  }
  const auto options = optionsFor(Encoding::Poisson, 200);
  EXPECT_EQUAL(spikeTimes(options, x, 7, uniforms), expected);
  EXPECT_EQUAL(spikeTimes(options, x, 32, uniforms), expected);
  EXPECT_EQUAL(expected[4], every(200));
  EXPECT_TRUE(expected[5].empty() && expected[6].empty());
  EXPECT_NEAR(static_cast<double>(expected[1].size()), 180, 20);
}

CASE("poisson: u = x fires as published and does not in direct") {
  const UniformSource uniforms(4, Stream::PoissonInput, 0);
  const std::vector<double> x{uniforms.quad24(0, 3)[0] * 0x1p-24};
  const auto firesAtThree = [&](Semantics semantics) {
    const Times times = spikeTimes(optionsFor(Encoding::Poisson, 4, semantics), x, 4, uniforms)[0];
    return !times.empty() && times.back() == 3;
  };
  EXPECT_TRUE(firesAtThree(Semantics::Dsqn));
  EXPECT_TRUE(!firesAtThree(Semantics::Direct));
}

CASE("given spikes keep counts, signs and their row") {
  // [2 steps][2 rows][3 inputs]
  const std::vector<std::int8_t> values{1, 0, 0, 0, -2, 3, 0, 0, 0, 127, 0, -128};
  Encoder<double> encoder(optionsFor(Encoding::Spikes, 2), 3);
  encoder.start(nullptr, {0, Stream::PoissonInput, 0}, {values.data(), 2}, 1, 2);
  const SpikeRange range = rangeOf({values.data(), 2}, values.size());
  EXPECT_EQUAL(range.positive, 127);
  EXPECT_EQUAL(range.negative, 128);
  std::vector<std::uint32_t> masks(static_cast<std::size_t>(3 * range.planes()));
  encoder.encode(0, 2, range, masks.data(), 3);
  std::vector<int> counts(6);  // [steps][inputs]
  for (std::size_t i = 0; i < masks.size(); ++i) {
    for (std::size_t step = 0; step < 2; ++step) {
      if ((masks[i] >> step & 1U) == 0) continue;
      counts[step * 3 + i % 3] += static_cast<int>(i / 3) < range.positive ? 1 : -1;
    }
  }
  EXPECT_EQUAL(counts, (std::vector<int>{0, -2, 3, 127, 0, -128}));
}

CASE("an observation is split in two and gets its constant, in this order") {
  const std::vector<double> x{0.5, -2, 0};
  const auto prepared = [&](bool two, bool bias) {
    SimulationOptions options;
    options.twoInputNeurons = two;
    options.biasAsObservation = bias;
    std::vector<double> values(x.size() * (two ? 2 : 1) + (bias ? 1 : 0));
    prepareObservation(options, {}, x.data(), static_cast<std::int64_t>(x.size()), values.data());
    return values;
  };
  EXPECT_EQUAL(prepared(false, false), x);
  EXPECT_EQUAL(prepared(false, true), (std::vector<double>{0.5, -2, 0, 1}));
  EXPECT_EQUAL(prepared(true, false), (std::vector<double>{0.5, 0, 0, 0, 2, 0}));
  EXPECT_EQUAL(prepared(true, true), (std::vector<double>{0.5, 0, 0, 0, 2, 0, 1}));
}

}  // namespace spiq
