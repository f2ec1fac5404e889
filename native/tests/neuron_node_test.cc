#include <limits>

#include "core/graph/graph.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::tensor;

static Status statusOfNeuron(const NeuronSpec& spec) {
  return NeuronNode{spec, {}}.validate("n");
}

CASE("neurons: every parameter's range") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const auto with = [](auto change) {
    NeuronSpec spec;
    change(spec);
    return statusOfNeuron(spec);
  };
  for (const double wrong : {0.0, -1.0, nan, infinity}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.threshold = wrong; }), Code::Range, "threshold");
  }
  for (const double wrong : {-0.1, 1.1, nan}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.alpha = wrong; }), Code::Range, "alpha");
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.beta = wrong; }), Code::Range, "beta");
    EXPECT_STATUS((AccumulatorNode{wrong, 1}.validate("a")), Code::Range, "alpha");
    EXPECT_STATUS((AccumulatorNode{0, wrong}.validate("a")), Code::Range, "beta");
  }
  for (const double wrong : {1.0, nan, -infinity}) {
    const auto change = [&](NeuronSpec& s) {
      s.reset = Reset::Value;
      s.resetValue = wrong;
    };
    EXPECT_STATUS(with(change), Code::Range, "resetValue");
  }
  EXPECT_STATUS(with([](NeuronSpec& s) { s.resetValue = 0.5; }), Code::Argument, "reset 'value'");
  for (const int wrong : {-1, NeuronNode::kMaxRefractory + 1}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.refractory = wrong; }), Code::Range, "refractory");
  }
  for (const int wrong : {0, kMaxBurst + 1}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.burst = wrong; }), Code::Range, "burst");
  }
  const auto ternaryZero = [](NeuronSpec& s) {
    s.ternary = true;
    s.reset = Reset::Zero;
  };
  EXPECT_STATUS(with(ternaryZero), Code::Unsupported, "ternary");
  for (const double wrong : {nan, infinity}) {
    EXPECT_STATUS(with([&](NeuronSpec& s) { s.initial = wrong; }), Code::Range, "initial");
  }
  EXPECT_STATUS(with([](NeuronSpec& s) { s.initial = -0.5; }), Code::Ok, "");
  EXPECT_STATUS(statusOfNeuron({}), Code::Ok, "");
}

CASE("neurons: a threshold for each channel, all above 0 and above resetValue") {
  NeuronNode node;
  const auto statusOf = [&](std::vector<float> thresholds, Shape shape) {
    node.thresholds = Tensor{std::move(shape), std::move(thresholds)};
    return arrange(chained({{"x", InputNode{{2, 3}}}, {"n", node}})).status();
  };
  EXPECT_STATUS(statusOf({1, 2}, {2}), Code::Ok, "");
  EXPECT_STATUS(statusOf({1, 2}, {1, 2}), Code::Shape, "thresholds: expected shape [channels]");
  EXPECT_STATUS(statusOf({1, 2, 3}, {3}), Code::Shape, "thresholds: expected [2], received [3]");
  EXPECT_STATUS(statusOf({1, 0}, {2}), Code::Range, "threshold");
  EXPECT_STATUS(statusOf({1, std::numeric_limits<float>::infinity()}, {2}), Code::NotFinite,
                "thresholds element 1");
  node.spec.reset = Reset::Value;
  node.spec.resetValue = 0.5;
  EXPECT_STATUS(statusOf({1, 0.25F}, {2}), Code::Range, "resetValue");
  EXPECT_STATUS(statusOf({1, 0.75F}, {2}), Code::Ok, "");
  // What the thresholds replace is not looked at.
  node.spec.threshold = -1;
  EXPECT_STATUS(statusOf({1, 0.75F}, {2}), Code::Ok, "");
}

}  // namespace spiq
