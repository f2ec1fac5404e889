#include <algorithm>
#include <cmath>
#include <random>

#include "backend/registry.h"
#include "base/aligned.h"
#include "base/isa.h"
#include "tests/all_settings.h"
#include "tests/check.h"
#include "tests/kernel_layer.h"

namespace spiq {

namespace {

using tests::forAll;
using tests::kPositions;
using tests::kSources;
using tests::kSteps;
using tests::Layer;
using tests::sameVectors;

// The stated order: 0, then each tap and channel ascending, the bias last.
template <class Real>
Real projected(Layer<Real>& layer, const Real* x, std::int64_t unit) {
  Real sum = 0;
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (kSources[tap] < 0) continue;
    for (std::int64_t c = 0; c < layer.channels; ++c) {
      sum = std::fma(layer.weight(tap * layer.channels + c, unit),
                     x[kSources[tap] * padded(layer.channels) + c], sum);
    }
  }
  return sum + layer.bias[unit];
}

template <class Real>
void checkProject() {
  forAll<Real>([](const Backend<Real>& backend, Layer<Real> layer, std::mt19937& random) {
    std::normal_distribution<Real> normal(Real{0}, Real{2});
    const std::size_t columns = 1 + random() % 14;
    const auto in = static_cast<std::size_t>(kPositions * padded(layer.channels));
    const auto out = static_cast<std::size_t>(padded(layer.units));
    std::vector<Real> x(columns * in);
    // Zeros take a way of their own.
    for (Real& value : x) value = random() % 3 == 0 ? Real{0} : normal(random);
    AlignedVector<Real> received(columns * out);
    AlignedVector<Real> expected(received.size());
    std::vector<Column<Real>> views;
    views.reserve(columns);
    for (std::size_t c = 0; c < columns; ++c)
      views.push_back({x.data() + c * in, kSources.data(), received.data() + c * out, false});
    for (std::int64_t tile = 0; tile < layer.tiles(); ++tile)
      backend.project(layer.view(), tile, views.data(), columns);
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t u = 0; u < static_cast<std::size_t>(layer.units); ++u)
        expected[c * out + u] = projected(layer, x.data() + c * in, static_cast<std::int64_t>(u));
    }
    EXPECT_TRUE((sameVectors<Real>(received, expected)));
  });
}

template <class Real>
struct State {
  AlignedVector<Real> current, potential, waiting, thresholds, negatives;
  std::vector<std::uint32_t> masks;

  explicit State(std::int64_t width)
      : current(static_cast<std::size_t>(width)),
        potential(current.size()),
        waiting(current.size()),
        thresholds(current.size()),
        negatives(current.size()) {
    for (std::size_t u = 0; u < thresholds.size(); ++u) {
      thresholds[u] = Real(0.5) + static_cast<Real>(u % 7) / 10;
      negatives[u] = Real(0.4) + static_cast<Real>(u % 5) / 5;
    }
  }
};

template <class Real>
void checkUpdate() {
  std::size_t spikes = 0;
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = tests::seeded(17);
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    std::normal_distribution<Real> normal(Real(0.3), Real{1});
    for (const std::int64_t width : {16, 32, 48, 64}) {
      for (const auto& params : tests::allSettings<Real>()) {
        const struct {
          int positive;
          int planes;
        } range{params.burst, params.ternary ? 2 * params.burst : params.burst};
        State<Real> state(width);
        State<Real> naive(width);
        AlignedVector<Real> input(static_cast<std::size_t>(kWordSteps * width));
        AlignedVector<Real> bias(static_cast<std::size_t>(width));
        for (Real& value : input) value = normal(random);
        for (Real& value : bias) value = normal(random);
        for (State<Real>* each : {&state, &naive})
          each->masks.assign(static_cast<std::size_t>(range.planes * width), ~0U);
        std::fill(naive.masks.begin(), naive.masks.end(), 0U);
        const std::int64_t stride = random() % 2 == 0 ? width : 0;
        const int steps = kSteps[random() % std::size(kSteps)];
        const int first = static_cast<int>(random() % static_cast<unsigned>(steps));
        const UnitsView<Real> units{width,
                                    state.thresholds.data(),
                                    state.negatives.data(),
                                    bias.data(),
                                    state.current.data(),
                                    state.potential.data(),
                                    state.waiting.data(),
                                    state.masks.data(),
                                    width,
                                    range.positive,
                                    range.planes};
        // A word in two pieces.
        if (first > 0) backend.update(params, units, input.data(), stride, 0, first);
        backend.update(params, units, input.data() + first * stride, stride, first, steps - first);
        for (int step = 0; step < steps; ++step) {
          for (std::size_t u = 0; u < static_cast<std::size_t>(width); ++u) {
            NeuronState<Real> lane{naive.current[u], naive.potential[u], naive.waiting[u]};
            const Real sum = input[static_cast<std::size_t>(step * stride) + u] + bias[u];
            const int count = static_cast<int>(
                neuron::step<Real, Real>(params, naive.thresholds[u], naive.negatives[u], lane, sum)
                    .count);
            naive.current[u] = lane.current;
            naive.potential[u] = lane.potential;
            naive.waiting[u] = lane.waiting;
            for (int k = 0; k < std::abs(count); ++k) {
              const int plane = (count < 0 ? range.positive : 0) + k;
              naive.masks[static_cast<std::size_t>(plane * width) + u] |= 1U << step;
            }
            spikes += count != 0;
          }
        }
        EXPECT_EQUAL(state.masks, naive.masks);
        EXPECT_TRUE((sameVectors<Real>(state.potential, naive.potential)));
        EXPECT_TRUE((sameVectors<Real>(state.current, naive.current)));
        EXPECT_TRUE((sameVectors<Real>(state.waiting, naive.waiting)));
      }
    }
  }
  EXPECT_TRUE(spikes > 10'000);
}

}  // namespace

CASE("project sums in the stated order, float") {
  checkProject<float>();
}
CASE("project sums in the stated order, double") {
  checkProject<double>();
}
CASE("update equals the naive loop bit for bit, float") {
  checkUpdate<float>();
}
CASE("update equals the naive loop bit for bit, double") {
  checkUpdate<double>();
}
CASE("instruction sets are found by exact name") {
  const auto isas = availableIsas();
  EXPECT_TRUE(isas.front() == Isa::Baseline);
  EXPECT_TRUE(selectIsa("auto").value() == isas.back());
  for (const Isa isa : isas) EXPECT_TRUE(selectIsa(isaName(isa)).value() == isa);
  for (const Isa isa : {Isa::Avx2, Isa::Avx512, Isa::Neon}) {
    if (std::find(isas.begin(), isas.end(), isa) != isas.end()) continue;
    EXPECT_STATUS(selectIsa(isaName(isa)).status(), Code::Argument,
                  std::string("received '") + isaName(isa) + "'");
  }
  // Every processor of its kind has NEON, and no other.
#if defined(__aarch64__)
  EXPECT_TRUE((isas == std::vector<Isa>{Isa::Baseline, Isa::Neon}));
#else
  EXPECT_TRUE(std::find(isas.begin(), isas.end(), Isa::Neon) == isas.end());
#endif
  for (const char* name : {"", "AVX2", "avx", "sse2", "auto ", "NEON"}) {
    EXPECT_STATUS(selectIsa(name).status(), Code::Argument, "expected one that this machine has");
  }
  EXPECT_STATUS(findBackend<float>("gpu", "auto").status(), Code::Argument, "device");
  EXPECT_STATUS(findBackend<float>("cpu", "mmx").status(), Code::Argument, "'mmx'");
}

}  // namespace spiq
