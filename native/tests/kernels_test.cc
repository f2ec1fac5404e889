#include <algorithm>
#include <cmath>
#include <random>

#include "backend/registry.h"
#include "base/isa.h"
#include "core/sim/spike_store.h"
#include "tests/all_settings.h"
#include "tests/check.h"
#include "tests/numbers.h"

namespace spiq {

namespace {

constexpr std::int64_t kUnits[] = {1, 2, 15, 16, 17, 33, 65, 100};
constexpr std::int64_t kInputs[] = {1, 2, 3, 7, 16, 31, 70};
constexpr std::size_t kSteps = 12;

template <class Real>
struct Layer {
  std::int64_t inputs;
  std::int64_t padded;
  std::vector<Real> weights;
  std::vector<Real> bias;

  Layer(std::int64_t inputCount, std::int64_t units, std::mt19937& random)
      : inputs(inputCount),
        padded((units + kUnitPadding - 1) / kUnitPadding * kUnitPadding),
        weights(static_cast<std::size_t>(inputs * padded)),
        bias(static_cast<std::size_t>(padded)) {
    std::normal_distribution<Real> normal(Real{0}, Real{1});
    for (std::int64_t unit = 0; unit < units; ++unit) {
      for (std::int64_t input = 0; input < inputs; ++input) {
        weights[input * padded + unit] = normal(random);
      }
      bias[unit] = normal(random);
    }
  }
  DenseView<Real> view() const { return {inputs, padded, weights.data(), bias.data()}; }
  Real weight(std::int64_t input, std::int64_t unit) const {
    return weights[input * padded + unit];
  }
};

template <class Real>
struct State {
  std::vector<Real> current, potential, waiting;

  explicit State(std::int64_t padded) : current(padded), potential(padded), waiting(padded) {}
  StateView<Real> view() { return {current.data(), potential.data(), waiting.data()}; }
};

template <class Real>
bool sameBits(const std::vector<Real>& a, const std::vector<Real>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), tests::sameBits<Real>);
}

bool sameSpikes(const SpikeBlock& a, const SpikeBlock& b) {
  return a.steps == b.steps && a.size == b.size && std::equal(a.ends, a.ends + a.steps, b.ends) &&
         std::equal(a.spikes, a.spikes + a.size, b.spikes, [](const Spike& x, const Spike& y) {
           return x.unit == y.unit && x.count == y.count;
         });
}

// The stated order: 0, then each input ascending, the bias last.
template <class Real>
Real projected(const Layer<Real>& layer, const std::vector<Real>& x, std::int64_t unit) {
  Real sum = 0;
  for (std::int64_t i = 0; i < layer.inputs; ++i) sum = std::fma(layer.weight(i, unit), x[i], sum);
  return sum + layer.bias[unit];
}

template <class Real>
Real gathered(const Layer<Real>& layer, const SpikeBlock& in, std::size_t step, std::int64_t unit,
              bool reversed = false) {
  Real sum = 0;
  const std::size_t count = in.ends[step] - in.begin(step);
  for (std::size_t s = 0; s < count; ++s) {
    const Spike& spike = in.spikes[reversed ? in.ends[step] - 1 - s : in.begin(step) + s];
    const Real weight = layer.weight(spike.unit, unit);
    for (int k = 0; k < std::abs(spike.count); ++k) {
      sum = spike.count > 0 ? sum + weight : sum - weight;
    }
  }
  return sum + layer.bias[unit];
}

template <class Real, class Input>
void naiveRun(const NeuronParams<Real>& params, State<Real>& state, const Input& input,
              SpikeBlock& out) {
  for (std::size_t step = 0; step < kSteps; ++step) {
    for (std::size_t unit = 0; unit < state.current.size(); ++unit) {
      NeuronState<Real> lane{state.current[unit], state.potential[unit], state.waiting[unit]};
      const Real fired = neuron::step<Real, Real>(params, lane, input(step, unit));
      state.current[unit] = lane.current;
      state.potential[unit] = lane.potential;
      state.waiting[unit] = lane.waiting;
      if (fired != 0) out.add({static_cast<std::uint32_t>(unit), static_cast<std::int32_t>(fired)});
    }
    out.endStep();
  }
}

// Each input fires in about half of the steps, now and then several times or negatively.
void randomSpikes(std::int64_t inputs, std::mt19937& random, SpikeBlock& out) {
  constexpr int kCounts[] = {0, 0, 0, 0, 0, 1, 1, 3, -1, -2};
  for (std::size_t step = 0; step < kSteps; ++step) {
    for (std::int64_t input = 0; input < inputs; ++input) {
      const int count = kCounts[random() % std::size(kCounts)];
      if (count != 0) out.add({static_cast<std::uint32_t>(input), count});
    }
    out.endStep();
  }
}

// body(backend, layer, random) for every instruction set of this machine and all sizes.
template <class Real, class Body>
void forAll(const Body& body) {
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = tests::seeded(11);
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    for (const std::int64_t units : kUnits) {
      for (const std::int64_t inputs : kInputs) {
        body(backend, Layer<Real>(inputs, units, random), random);
      }
    }
  }
}

template <class Real>
void checkProject() {
  forAll<Real>([](const Backend<Real>& backend, const Layer<Real>& layer, std::mt19937& random) {
    std::normal_distribution<Real> normal(Real{0}, Real{2});
    std::vector<Real> x(static_cast<std::size_t>(layer.inputs));
    for (Real& value : x) value = normal(random);
    std::vector<Real> received(static_cast<std::size_t>(layer.padded));
    std::vector<Real> expected(received.size());
    backend.project(layer.view(), x.data(), received.data());
    for (std::int64_t u = 0; u < layer.padded; ++u) expected[u] = projected(layer, x, u);
    EXPECT_TRUE(sameBits(received, expected));
  });
}

template <class Real>
void checkSpikes() {
  std::size_t spikes = 0;
  forAll<Real>([&](const Backend<Real>& backend, const Layer<Real>& layer, std::mt19937& random) {
    SpikeStore in(kSteps, static_cast<std::size_t>(layer.inputs));
    randomSpikes(layer.inputs, random, in.block);
    for (const auto& params : tests::allSettings<Real>()) {
      SpikeStore received(kSteps, static_cast<std::size_t>(layer.padded));
      SpikeStore expected(kSteps, static_cast<std::size_t>(layer.padded));
      State<Real> state(layer.padded);
      State<Real> naive(layer.padded);
      backend.runSpikes(layer.view(), params, state.view(), in.block, kSteps, received.block);
      const auto input = [&](std::size_t step, std::size_t unit) {
        return gathered(layer, in.block, step, static_cast<std::int64_t>(unit));
      };
      naiveRun(params, naive, input, expected.block);
      EXPECT_TRUE(sameSpikes(received.block, expected.block));
      EXPECT_TRUE(sameBits(state.potential, naive.potential));
      EXPECT_TRUE(sameBits(state.current, naive.current));
      EXPECT_TRUE(sameBits(state.waiting, naive.waiting));
      spikes += received.block.size;
    }
  });
  EXPECT_TRUE(spikes > 10'000);
}

template <class Real>
void checkCurrent() {
  std::size_t spikes = 0;
  forAll<Real>([&](const Backend<Real>& backend, const Layer<Real>& layer, std::mt19937&) {
    // The layer's random bias serves as the constant current.
    for (const auto& params : tests::allSettings<Real>()) {
      SpikeStore received(kSteps, static_cast<std::size_t>(layer.padded));
      SpikeStore expected(kSteps, static_cast<std::size_t>(layer.padded));
      State<Real> state(layer.padded);
      State<Real> naive(layer.padded);
      backend.runCurrent(layer.view(), params, state.view(), layer.bias.data(), kSteps,
                         received.block);
      naiveRun(
          params, naive, [&](std::size_t, std::size_t unit) { return layer.bias[unit]; },
          expected.block);
      EXPECT_TRUE(sameSpikes(received.block, expected.block));
      EXPECT_TRUE(sameBits(state.potential, naive.potential));
      spikes += received.block.size;
    }
  });
  EXPECT_TRUE(spikes > 10'000);
}

template <class Real>
void checkOrderMatters() {
  std::mt19937 random = tests::seeded(13);
  const Layer<Real> layer(70, 100, random);
  SpikeStore in(kSteps, 70);
  randomSpikes(70, random, in.block);
  int different = 0;
  for (std::size_t step = 0; step < kSteps; ++step) {
    for (std::int64_t unit = 0; unit < 100; ++unit) {
      different +=
          gathered(layer, in.block, step, unit) != gathered(layer, in.block, step, unit, true);
    }
  }
  EXPECT_TRUE(different > 100);
}

}  // namespace

CASE("project sums in the stated order, float") {
  checkProject<float>();
}
CASE("project sums in the stated order, double") {
  checkProject<double>();
}
CASE("runSpikes equals the naive loop bit for bit, float") {
  checkSpikes<float>();
}
CASE("runSpikes equals the naive loop bit for bit, double") {
  checkSpikes<double>();
}
CASE("runCurrent equals the naive loop bit for bit, float") {
  checkCurrent<float>();
}
CASE("runCurrent equals the naive loop bit for bit, double") {
  checkCurrent<double>();
}
CASE("on such data another order gives other sums") {
  checkOrderMatters<float>();
  checkOrderMatters<double>();
}

CASE("instruction sets are found by exact name") {
  const auto isas = availableIsas();
  EXPECT_TRUE(isas.front() == Isa::Baseline);
  EXPECT_TRUE(selectIsa("auto").value() == isas.back());
  for (const Isa isa : isas) EXPECT_TRUE(selectIsa(isaName(isa)).value() == isa);
  for (const char* name : {"", "AVX2", "avx", "sse2", "auto "}) {
    EXPECT_STATUS(selectIsa(name).status(), Code::Argument, "expected one that this machine has");
  }
  EXPECT_STATUS(findBackend<float>("gpu", "auto").status(), Code::Argument, "device");
  EXPECT_STATUS(findBackend<float>("cpu", "mmx").status(), Code::Argument, "'mmx'");
}

}  // namespace spiq
