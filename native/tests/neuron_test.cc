#include "base/neuron.h"

#include <random>

#include "tests/all_settings.h"
#include "tests/check.h"
#include "tests/numbers.h"

namespace spiq {

namespace {

using List = std::vector<double>;

struct Course {
  List spikes;
  List potential;
  List current;
};

Course run(const NeuronSpec& spec, Semantics semantics, const List& inputs, double epsilon = 0,
           bool fires = true) {
  const auto params = neuronParams<double>(spec, semantics, fires);
  const auto threshold = comparedThreshold<double>(spec.threshold, semantics, epsilon);
  const auto negative =
      comparedThreshold<double>(spec.threshold, semantics, epsilon, spec.negative);
  NeuronState<double> state{0, 0, 0};
  Course course;
  for (const double input : inputs) {
    course.spikes.push_back(
        neuron::step<double, double>(params, threshold, negative, state, input).count);
    course.potential.push_back(state.potential);
    course.current.push_back(state.current);
  }
  return course;
}

Course direct(const NeuronSpec& spec, const List& inputs, double epsilon = 0) {
  return run(spec, Semantics::Direct, inputs, epsilon);
}

Course dsqn(const NeuronSpec& spec, const List& inputs) {
  return run(spec, Semantics::Dsqn, inputs, 0.25);  // dsqn has no epsilon and must not look at one
}

}  // namespace

CASE("direct: subtraction compares with and takes theta' = theta (1 - epsilon)") {
  const Course course = direct({}, {0.5, 0.5, 0.5, 0.5}, 0.25);
  EXPECT_EQUAL(course.spikes, (List{0, 1, 1, 0}));
  EXPECT_EQUAL(course.potential, (List{0.5, 0.25, 0, 0.5}));
}

CASE("direct: reset zero") {
  NeuronSpec spec;
  spec.reset = Reset::Zero;
  const Course course = direct(spec, {0.5, 0.75, 0.5, 0.5});
  EXPECT_EQUAL(course.spikes, (List{0, 1, 0, 1}));
  EXPECT_EQUAL(course.potential, (List{0.5, 0, 0.5, 0}));
}

CASE("direct: reset value") {
  NeuronSpec spec;
  spec.reset = Reset::Value;
  spec.resetValue = -0.25;
  const Course course = direct(spec, {0.5, 0.75, 0.5, 0.75});
  EXPECT_EQUAL(course.spikes, (List{0, 1, 0, 1}));
  EXPECT_EQUAL(course.potential, (List{0.5, -0.25, 0.25, -0.25}));
}

CASE("direct: alpha and beta, the potential takes this step's current") {
  NeuronSpec spec;
  spec.threshold = 10;
  spec.alpha = 0.5;
  spec.beta = 0.5;
  const Course course = direct(spec, {1, 0, 0, 2});
  EXPECT_EQUAL(course.current, (List{1, 0.5, 0.25, 2.125}));
  EXPECT_EQUAL(course.potential, (List{1, 1, 0.75, 2.5}));
}

CASE("direct: refractory steps hold the potential and drop the input") {
  NeuronSpec spec;
  spec.refractory = 2;
  const Course course = direct(spec, {0.5, 0.5, 0.5, 0.5, 0.5, 0.5}, 0.25);
  EXPECT_EQUAL(course.spikes, (List{0, 1, 0, 0, 1, 0}));
  EXPECT_EQUAL(course.potential, (List{0.5, 0.25, 0.25, 0.25, 0, 0}));
}

CASE("direct: the current decays through refractory steps") {
  NeuronSpec spec;
  spec.refractory = 1;
  spec.reset = Reset::Zero;
  spec.alpha = 0.5;
  const Course course = direct(spec, {1, 1, 1});
  EXPECT_EQUAL(course.current, (List{1, 0.5, 1.25}));
  EXPECT_EQUAL(course.spikes, (List{1, 0, 1}));
}

CASE("direct: a potential held above the threshold fires after the rest only") {
  NeuronSpec spec;
  spec.refractory = 1;
  const Course course = direct(spec, {3, 0, 0, 0, 0, 0});
  EXPECT_EQUAL(course.spikes, (List{1, 0, 1, 0, 1, 0}));
  EXPECT_EQUAL(course.potential, (List{2, 2, 1, 1, 0, 0}));
}

CASE("direct: ternary units fire -1 at -theta' and add it") {
  NeuronSpec spec;
  spec.ternary = true;
  const Course course = direct(spec, {-0.5, -0.5, 0.5, 0.5, -0.75}, 0.25);
  EXPECT_EQUAL(course.spikes, (List{0, -1, 0, 1, -1}));
  EXPECT_EQUAL(course.potential, (List{-0.5, -0.25, 0.25, 0, 0}));
  EXPECT_EQUAL(direct({}, {-0.5, -5}).spikes, (List{0, 0}));
}

CASE("direct: a burst fires up to k at once") {
  NeuronSpec spec;
  spec.burst = 3;
  const Course course = direct(spec, {2, 5, -10, 0}, 0.25);
  EXPECT_EQUAL(course.spikes, (List{2, 3, 0, 0}));
  EXPECT_EQUAL(course.potential, (List{0.5, 3.25, -6.75, -6.75}));
}

CASE("direct: a burst counts as far as subtraction goes, then resets once") {
  NeuronSpec spec;
  spec.burst = 3;
  spec.reset = Reset::Zero;
  const Course course = direct(spec, {2.5, 0.5});
  EXPECT_EQUAL(course.spikes, (List{2, 0}));
  EXPECT_EQUAL(course.potential, (List{0, 0.5}));
}

CASE("direct: bursts of ternary units") {
  NeuronSpec spec;
  spec.burst = 2;
  spec.ternary = true;
  const Course course = direct(spec, {-2, 2, 4}, 0.25);
  EXPECT_EQUAL(course.spikes, (List{-2, 2, 2}));
  EXPECT_EQUAL(course.potential, (List{-0.5, 0, 2.5}));
}

CASE("direct: an accumulator never fires") {
  const Course course = run({}, Semantics::Direct, {2, 3, -9}, 0, false);
  EXPECT_EQUAL(course.spikes, (List{0, 0, 0}));
  EXPECT_EQUAL(course.potential, (List{2, 5, -4}));
}

CASE("dsqn: an input fires two steps later, above the threshold and not at it") {
  const Course course = dsqn({}, {2, 0, 0, 0, 0});
  EXPECT_EQUAL(course.spikes, (List{0, 0, 1, 0, 0}));
  EXPECT_EQUAL(course.potential, (List{0, 2, 1, 1, 1}));
  EXPECT_EQUAL(dsqn({}, {1, 0, 0, 0}).spikes, (List{0, 0, 0, 0}));
}

CASE("dsqn: subtraction takes 1 whatever the threshold") {
  NeuronSpec spec;
  spec.threshold = 0.5;
  EXPECT_EQUAL(dsqn(spec, {0.75, 0, 0, 0}).potential, (List{0, 0.75, -0.25, -0.25}));
  spec.threshold = 2;
  EXPECT_EQUAL(dsqn(spec, {3.5, 0, 0, 0}).potential, (List{0, 3.5, 2.5, 1.5}));
}

CASE("dsqn: reset zero loses the current that comes in with the spike") {
  NeuronSpec spec;
  spec.reset = Reset::Zero;
  const Course course = dsqn(spec, {2, 3, 0.5, 0});
  EXPECT_EQUAL(course.spikes, (List{0, 0, 1, 0}));
  EXPECT_EQUAL(course.potential, (List{0, 2, 0, 0.5}));
}

CASE("dsqn: alpha and beta, the potential takes the step before's current") {
  NeuronSpec spec;
  spec.alpha = 0.5;
  spec.beta = 0.5;
  const Course course = run(spec, Semantics::Dsqn, {1, 0, 0, 0}, 0, false);
  EXPECT_EQUAL(course.current, (List{1, 0.5, 0.25, 0.125}));
  EXPECT_EQUAL(course.potential, (List{0, 1, 1, 0.75}));
}

// Returns the number of spikes, so that the caller sees that there was something to compare.
template <class Real, int Bytes>
static double compareLanes(std::mt19937& random) {
  using L = typename lane::Vector<Real, Bytes>::Type;
  constexpr int width = lane::Vector<Real, Bytes>::width;
  std::normal_distribution<Real> input(Real{0.2}, Real{1});
  double spikes = 0;
  for (const auto& params : tests::allSettings<Real>()) {
    const auto threshold = static_cast<Real>(0.7);
    const auto negative = static_cast<Real>(0.9);
    NeuronState<L> lanes{L{}, L{}, L{}};
    NeuronState<Real> scalar[width] = {};
    for (int step = 0; step < 60; ++step) {
      L in{};
      for (int v = 0; v < width; ++v) in[v] = input(random);
      const L fired = neuron::step<L, Real>(params, lane::splat<L>(threshold),
                                            lane::splat<L>(negative), lanes, in)
                          .count;
      for (int v = 0; v < width; ++v) {
        const Real alone =
            neuron::step<Real, Real>(params, threshold, negative, scalar[v], in[v]).count;
        EXPECT_TRUE(tests::sameBits(fired[v], alone));
        EXPECT_TRUE(tests::sameBits(lanes.current[v], scalar[v].current));
        EXPECT_TRUE(tests::sameBits(lanes.potential[v], scalar[v].potential));
        EXPECT_TRUE(tests::sameBits(lanes.waiting[v], scalar[v].waiting));
        spikes += std::abs(alone);
      }
    }
  }
  return spikes;
}

// Widths of 32 and 64 bytes belong to the files compiled for AVX2 and AVX-512; an instantiation
// here, for another calling convention, could be linked in place of theirs. kernels_test.cc
// compares those.
CASE("vectors step as a scalar does, bit for bit, in every setting") {
  std::mt19937 random = tests::seeded(7);
  EXPECT_TRUE((compareLanes<float, 16>(random)) > 1000);
  EXPECT_TRUE((compareLanes<float, 128>(random)) > 1000);
  EXPECT_TRUE((compareLanes<double, 16>(random)) > 1000);
  EXPECT_TRUE((compareLanes<double, 128>(random)) > 1000);
}

}  // namespace spiq
