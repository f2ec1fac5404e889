#include "core/learn/loss.h"

#include <cmath>
#include <vector>

#include "tests/check.h"

namespace spiq {

namespace {

struct Setup {
  std::vector<double> outputs{1, -2, 3, 0.5, 0, -1};  // two rows of three
  std::vector<double> targets{0, 1, 3, 2, 0.25, -4};
  std::vector<std::int32_t> actions{2, 0};
  std::vector<double> returns{0.5, -2};
  std::vector<double> weights;
  std::vector<double> gradient = std::vector<double>(6);
  Loss<double> loss;

  explicit Setup(LossKind kind) { loss.kind = kind; }

  double run() {
    loss.weights = {weights.data(), weights.size()};
    EXPECT_TRUE(checkLoss(loss, 2, 3).ok());
    return evaluateLoss(loss, outputs.data(), 2, 3, gradient.data());
  }
  Setup& compare() {
    loss.targets = {targets.data(), targets.size()};
    return *this;
  }
  Setup& take() {
    loss.actions = {actions.data(), actions.size()};
    return *this;
  }
  // Each derivative against the difference of the loss around it.
  void expectDerivatives() {
    run();
    const std::vector<double> found = gradient;
    constexpr double kStep = 1e-6;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      const double kept = outputs[i];
      outputs[i] = kept + kStep;
      const double above = run();
      outputs[i] = kept - kStep;
      const double below = run();
      outputs[i] = kept;
      EXPECT_NEAR(found[i], (above - below) / (2 * kStep), 1e-8);
    }
  }
};

constexpr LossKind kAll[] = {
    LossKind::Mse,          LossKind::Huber,          LossKind::ClippedError,
    LossKind::CrossEntropy, LossKind::PolicyGradient, LossKind::SpikeCount,
    LossKind::WeightedSum};

}  // namespace

CASE("losses: values by hand") {
  // Errors 1, -3, 0, -1.5, -0.25, 3.
  EXPECT_NEAR(Setup(LossKind::Mse).compare().run(), (1 + 9 + 0 + 2.25 + 0.0625 + 9) / 6, 1e-12);
  EXPECT_NEAR(Setup(LossKind::Huber).compare().run(), (0.5 + 2.5 + 0 + 1 + 0.03125 + 2.5) / 6,
              1e-12);
  Setup clipped(LossKind::ClippedError);
  EXPECT_NEAR(clipped.compare().run(), (1 + 9 + 0 + 2.25 + 0.0625 + 9) / 12, 1e-12);
  EXPECT_EQUAL(clipped.gradient,
               (std::vector<double>{1. / 6, -1. / 6, 0, -1. / 6, -0.25 / 6, 1. / 6}));
  const double first = std::log(std::exp(1.) + std::exp(-2.) + std::exp(3.)) - 3;
  const double second = std::log(std::exp(.5) + 1 + std::exp(-1.)) - 0.5;
  EXPECT_NEAR(Setup(LossKind::CrossEntropy).take().run(), (first + second) / 2, 1e-12);
  Setup policy(LossKind::PolicyGradient);
  policy.loss.returns = {policy.returns.data(), 2};
  EXPECT_NEAR(policy.take().run(), (0.5 * first - 2 * second) / 2, 1e-12);
  Setup counts(LossKind::SpikeCount);
  counts.loss.correct = 4;
  counts.loss.wrong = 1;
  EXPECT_NEAR(counts.take().run(), (0 + 9 + 1 + 12.25 + 1 + 4) / 6, 1e-12);
  EXPECT_NEAR(Setup(LossKind::WeightedSum).compare().run(), 0 - 2 + 9 + 1 + 0 + 4, 1e-12);
}

CASE("losses: of the outputs that actions name, the mean over rows") {
  Setup setup(LossKind::Mse);
  setup.targets = {1, 2};
  setup.weights = {0.5, 2};
  EXPECT_NEAR(setup.compare().take().run(), (0.5 * 4 + 2 * 2.25) / 2, 1e-12);
  EXPECT_EQUAL(setup.gradient, (std::vector<double>{0, 0, 1, -3, 0, 0}));
}

CASE("losses: derivatives are those of the values") {
  for (const LossKind kind : kAll) {
    if (kind == LossKind::ClippedError) continue;  // cut by design
    for (const bool weighted : {false, true}) {
      Setup setup(kind);
      setup.compare();
      setup.loss.returns = {setup.returns.data(), 2};
      setup.loss.correct = 5;
      setup.loss.limit = 1.25;  // between two errors: at one the slope has a jump
      if (weighted) setup.weights = {0.25, 3};
      if (kind == LossKind::CrossEntropy || kind == LossKind::PolicyGradient ||
          kind == LossKind::SpikeCount)
        setup.take();
      setup.expectDerivatives();
    }
  }
}

CASE("losses: outputs of any size have finite logarithms") {
  Setup setup(LossKind::CrossEntropy);
  setup.outputs = {1e6, -1e6, 0, 0, 800, -800};
  EXPECT_NEAR(setup.take().run(), (1e6 + 800) / 2, 1e-6);
  EXPECT_EQUAL(setup.gradient, (std::vector<double>{0.5, 0, -0.5, -0.5, 0.5, 0}));
}

CASE("losses: what does not fit is refused") {
  Setup setup(LossKind::CrossEntropy);
  EXPECT_STATUS(checkLoss(setup.loss, 2, 3), Code::Shape, "actions or labels: expected 2 values");
  setup.actions = {0, 3};
  EXPECT_STATUS(checkLoss(setup.take().loss, 2, 3), Code::Range, "element 1");
  setup.actions = {-1, 0};
  EXPECT_STATUS(checkLoss(setup.loss, 2, 3), Code::Range, "from 0 to 2, received -1");
  Setup values(LossKind::Mse);
  EXPECT_STATUS(checkLoss(values.loss, 2, 3), Code::Shape, "targets: expected 6 values");
  EXPECT_STATUS(checkLoss(values.compare().take().loss, 2, 3), Code::Shape, "expected 2 values");
  Setup infinite(LossKind::WeightedSum);
  infinite.targets[4] = INFINITY;
  EXPECT_STATUS(checkLoss(infinite.compare().loss, 2, 3), Code::NotFinite, "targets element 4");
}

}  // namespace spiq
