#include <algorithm>
#include <random>

#include "backend/registry.h"
#include "base/aligned.h"
#include "base/isa.h"
#include "tests/all_settings.h"
#include "tests/check.h"
#include "tests/numbers.h"

// What `updateTraced` writes, against the state that `update` leaves behind step by step.

namespace spiq {

namespace {

constexpr int kSteps = 23;

template <class Real>
struct Neurons {
  std::int64_t width;
  AlignedVector<Real> current, potential, waiting, thresholds, negatives, bias;
  AlignedVector<std::uint32_t> masks;
  int positive;
  int planes;

  Neurons(std::int64_t units, const NeuronParams<Real>& params)
      : width(units),
        current(static_cast<std::size_t>(units)),
        potential(current.size()),
        waiting(current.size()),
        thresholds(current.size(), Real(0.6)),
        negatives(current.size(), Real(0.5)),
        bias(current.size(), Real(0.1)),
        positive(params.burst),
        planes(params.ternary ? 2 * params.burst : params.burst) {
    masks.resize(current.size() * static_cast<std::size_t>(planes));
  }
  UnitsView<Real> view() {
    return {width,
            thresholds.data(),
            negatives.data(),
            bias.data(),
            current.data(),
            potential.data(),
            waiting.data(),
            masks.data(),
            width,
            positive,
            planes};
  }
  bool fired(std::int64_t unit, int step) const {
    bool some = false;
    for (int plane = 0; plane < planes; ++plane)
      some |= (masks[static_cast<std::size_t>(plane * width + unit)] >> step & 1U) != 0;
    return some;
  }
};

template <class Real>
struct Traces {
  std::int64_t size;
  std::vector<Real> potentials, tested, currents;

  explicit Traces(std::int64_t observationSize)
      : size(observationSize),
        potentials(static_cast<std::size_t>(std::int64_t{6} * kSteps * size)),
        tested(potentials.size()),
        currents(potentials.size()) {}
  StepTrace<Real> view(std::int64_t first) {
    return {potentials.data(), tested.data(), currents.data(), first, size, kSteps * size, size};
  }
  std::size_t at(std::int64_t unit, int step) const {
    return static_cast<std::size_t>((unit / size * kSteps + step) * size + unit % size);
  }
};

template <class Real>
void checkStep(const NeuronParams<Real>& params, const Neurons<Real>& before, Neurons<Real>& now,
               const Traces<Real>& traces, std::int64_t first, int step) {
  for (std::int64_t unit = 0; unit < now.width; ++unit) {
    const auto u = static_cast<std::size_t>(unit);
    const std::size_t at = traces.at(first + unit, step);
    EXPECT_TRUE(tests::sameBits(traces.potentials[at], now.potential[u]));
    EXPECT_TRUE(tests::sameBits(traces.currents[at], now.current[u]));
    const Real tested = traces.tested[at];
    const bool fired = now.fired(unit, step);
    if (params.semantics == Semantics::Dsqn) {
      EXPECT_TRUE(tests::sameBits(tested, before.potential[u]));
      EXPECT_EQUAL(fired, params.fires && tested > now.thresholds[u]);
    } else {
      const bool rests = before.waiting[u] > 0;
      const bool above = tested >= now.thresholds[u];
      const bool below = params.ternary && tested <= -now.negatives[u];
      EXPECT_EQUAL(fired, params.fires && !rests && (above || below));
      if (rests)
        EXPECT_TRUE(std::isinf(tested) && tested < 0);
      else if (!fired)
        EXPECT_TRUE(tests::sameBits(tested, now.potential[u]));
    }
  }
}

template <class Real>
void checkTraces() {
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = tests::seeded(41);
    std::normal_distribution<Real> normal(Real(0.1), Real(0.6));
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    for (const std::int64_t width : {16, 48, 64}) {
      for (const auto& params : tests::allSettings<Real>()) {
        AlignedVector<Real> input(static_cast<std::size_t>(kSteps * width));
        for (Real& value : input) value = normal(random);
        Neurons<Real> single(width, params);
        Neurons<Real> traced(width, params);
        // Units of several observations, or some of one.
        const std::int64_t size = random() % 2 == 0 ? 16 : 80;
        const std::int64_t first = random() % 2 == 0 ? 0 : 16;
        Traces<Real> traces(size);
        backend.updateTraced(params, traced.view(), input.data(), width, 0, kSteps,
                             traces.view(first));
        for (int step = 0; step < kSteps; ++step) {
          const Neurons<Real> before = single;
          backend.update(params, single.view(), input.data() + step * width, width, step, 1);
          checkStep(params, before, single, traces, first, step);
        }
        EXPECT_TRUE(single.masks == traced.masks);
        EXPECT_TRUE(single.potential == traced.potential);
        Traces<Real> some(size);
        StepTrace<Real> view = some.view(first);
        view.tested = nullptr;
        view.currents = nullptr;
        Neurons<Real> again(width, params);
        backend.updateTraced(params, again.view(), input.data(), width, 0, kSteps, view);
        EXPECT_TRUE(some.potentials == traces.potentials);
        EXPECT_TRUE(std::all_of(some.tested.begin(), some.tested.end(),
                                [](Real value) { return value == 0; }));
      }
    }
  }
}

}  // namespace

CASE("traces hold what each step leaves behind, float") {
  checkTraces<float>();
}
CASE("traces hold what each step leaves behind, double") {
  checkTraces<double>();
}

}  // namespace spiq
