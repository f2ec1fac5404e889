#include "core/learn/optimiser.h"

#include <cmath>
#include <cstring>
#include <functional>
#include <memory>
#include <vector>

#include "backend/registry.h"
#include "base/isa.h"
#include "core/sim/state_bytes.h"
#include "tests/check.h"

namespace spiq {

namespace {

// One parameter of one value, moved by the gradients given.
std::vector<double> moves(const OptimiserOptions& options, const std::vector<double>& gradients,
                          const char* field = "weight", double most = INFINITY) {
  ThreadPool pool{1};
  Control control{pool, 1};
  double value = 1.0;
  double gradient = 0.0;
  Optimiser<double> optimiser(options, {{"n", field, {&value, 1}, {&gradient, 1}, -INFINITY, most}},
                              *findBackend<double>("cpu", "baseline").take());
  std::vector<double> values;
  for (const double g : gradients) {
    gradient = g;
    EXPECT_TRUE(optimiser.step(control).ok());
    values.push_back(value);
  }
  return values;
}

OptimiserOptions optionsOf(OptimiserKind kind, double rate) {
  OptimiserOptions options = OptimiserOptions::of(kind);
  options.learningRate.from = rate;
  return options;
}

void expectAll(const std::vector<double>& received, const std::vector<double>& expected) {
  EXPECT_EQUAL(received.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(received[i], expected[i], 1e-12);
}

using Pieces = std::vector<GradientPieces<float>>;

constexpr std::size_t kPiece = 7000;

// Of the first parameter, and nobody sees its gradients but in pieces.
Pieces piecesOf(std::vector<float>& gradients, double most = 1.0) {
  const auto kept = std::make_shared<std::vector<float>>(gradients);
  gradients.assign(gradients.size(), NAN);
  const auto make = [kept](std::size_t piece, std::size_t /*worker*/) {
    const std::size_t first = piece * kPiece;
    return GradientPieces<float>::Piece{first, std::min(kPiece, kept->size() - first),
                                        kept->data() + first};
  };
  GradientPieces<float> pieces;
  pieces.count = (kept->size() + kPiece - 1) / kPiece;
  pieces.most = most;
  pieces.make = make;
  return {pieces};
}

// Values, gradients and moments of many sizes, after some steps on so many threads.
std::vector<float> trained(const OptimiserOptions& options, std::size_t threads, Isa isa,
                           bool inPieces = false) {
  ThreadPool pool{threads};
  Control control{pool, threads};
  std::vector<std::vector<float>> values{std::vector<float>(100000), std::vector<float>(7),
                                         std::vector<float>(33000)};
  std::vector<std::vector<float>> gradients = values;
  std::vector<Parameter<float>> parameters;
  for (std::size_t p = 0; p < values.size(); ++p) {
    for (std::size_t i = 0; i < values[p].size(); ++i)
      values[p][i] = static_cast<float>(std::sin(static_cast<double>(i + p)));
    parameters.push_back({"n",
                          "weight",
                          {values[p].data(), values[p].size()},
                          {gradients[p].data(), gradients[p].size()}});
  }
  Optimiser<float> optimiser(options, parameters, *findBackend<float>("cpu", isaName(isa)).take());
  for (int step = 0; step < 5; ++step) {
    for (std::size_t p = 0; p < values.size(); ++p) {
      for (std::size_t i = 0; i < values[p].size(); ++i)
        gradients[p][i] = static_cast<float>(std::cos(static_cast<double>(i * (step + 1) + p)));
    }
    EXPECT_TRUE(optimiser.step(control, inPieces ? piecesOf(gradients[0]) : Pieces()).ok());
  }
  std::vector<float> all;
  for (const auto& part : values) all.insert(all.end(), part.begin(), part.end());
  return all;
}

// What is remembered of each value.
std::vector<float> momentsOf(Optimiser<float>& optimiser) {
  constexpr std::size_t kBefore = sizeof(std::uint64_t) + sizeof(double);
  StateBytes bytes;
  optimiser.exchange(bytes);
  std::vector<float> moments((bytes.written().size() - kBefore) / sizeof(float));
  std::memcpy(moments.data(), bytes.written().data() + kBefore, moments.size() * sizeof(float));
  return moments;
}

}  // namespace

CASE("optimisers: the first updates by hand") {
  OptimiserOptions sgd = optionsOf(OptimiserKind::Sgd, 0.5);
  expectAll(moves(sgd, {1, -2}), {0.5, 1.5});
  sgd.momentum = 0.5;
  expectAll(moves(sgd, {1, 1}), {0.5, -0.25});
  sgd.nesterov = true;
  expectAll(moves(sgd, {1, 1}), {1 - 0.75, 1 - 0.75 - 0.5 * 1.75});
  sgd = optionsOf(OptimiserKind::Sgd, 0.5);
  sgd.weightDecay = 0.1;
  expectAll(moves(sgd, {1}), {1 - 0.5 * 1.1});

  OptimiserOptions rms = optionsOf(OptimiserKind::Rmsprop, 0.1);
  rms.epsilon = 0.5;
  rms.decay = 0.75;
  const double s1 = 0.25 * 4;
  const double s2 = 0.75 * s1 + 0.25;
  expectAll(moves(rms, {2, 1}),
            {1 - 0.2 / (std::sqrt(s1) + 0.5), 1 - 0.2 / 1.5 - 0.1 / (std::sqrt(s2) + 0.5)});
  rms.centred = true;
  rms.momentum = 0.5;
  const double b1 = 2 / (std::sqrt(s1 - 0.25) + 0.5);
  const double b2 = 0.5 * b1 + 1 / (std::sqrt(s2 - 0.625 * 0.625) + 0.5);
  expectAll(moves(rms, {2, 1}), {1 - 0.1 * b1, 1 - 0.1 * b1 - 0.1 * b2});

  OptimiserOptions nature = optionsOf(OptimiserKind::RmspropNature, 0.1);
  const double m = 0.05 * 2;
  expectAll(moves(nature, {2}), {1 - 0.2 / std::sqrt(0.05 * 4 - m * m + 0.01)});
  OptimiserOptions neon = optionsOf(OptimiserKind::RmspropNeon, 0.1);
  neon.epsilon = 0.25;
  expectAll(moves(neon, {2}), {1 - 0.2 / (std::sqrt(0.05 * 4 + 0.25) + 0.25)});

  // Both corrections make the first step of Adam one of the learning rate.
  OptimiserOptions adam = optionsOf(OptimiserKind::Adam, 0.125);
  adam.epsilon = 1e-300;
  expectAll(moves(adam, {-3e-5}), {1.125});
  OptimiserOptions adamW = adam;
  adamW.kind = OptimiserKind::AdamW;
  adamW.weightDecay = 0.5;
  expectAll(moves(adamW, {3}), {1 - 0.0625 - 0.125});
}

CASE("optimisers: weight decay leaves thresholds and decays alone; values stay in their limits") {
  OptimiserOptions adamW = optionsOf(OptimiserKind::AdamW, 0.125);
  adamW.weightDecay = 0.5;
  expectAll(moves(adamW, {0}, "beta"), {1});
  expectAll(moves(adamW, {0}, "bias"), {1 - 0.0625});
  OptimiserOptions sgd = optionsOf(OptimiserKind::Sgd, 0.5);
  expectAll(moves(sgd, {1, -4, 1}, "beta", 1.25), {0.5, 1.25, 0.75});
}

CASE("optimisers: gradients are cut by value, then scaled by their norm") {
  OptimiserOptions sgd = optionsOf(OptimiserKind::Sgd, 1);
  sgd.clipValue = 2;
  expectAll(moves(sgd, {-5, 0.5}), {3, 2.5});
  sgd.clipNorm = 1;
  expectAll(moves(sgd, {-5, 0.5}), {1 + 2 / (2 + 1e-6), 1 + 2 / (2 + 1e-6) - 0.5});
}

CASE("optimisers: gradients that overflowed are refused and change nothing") {
  ThreadPool pool{1};
  Control control{pool, 1};
  for (const float bad : {NAN, INFINITY, -INFINITY}) {
    std::vector<float> values(40, 1);
    std::vector<float> gradient(40, 1);
    Optimiser<float> optimiser(
        OptimiserOptions::of(OptimiserKind::Adam),
        {{"n", "weight", {values.data(), values.size()}, {gradient.data(), gradient.size()}}},
        *findBackend<float>("cpu", "baseline").take());
    gradient[37] = bad;
    EXPECT_STATUS(optimiser.step(control), Code::NotFinite, "gradients");
    EXPECT_EQUAL(values, std::vector<float>(40, 1));
    EXPECT_EQUAL(optimiser.updates(), std::uint64_t{0});
  }
}

CASE("optimisers: the same values whatever the threads, the instruction set and the pieces") {
  for (const OptimiserKind kind :
       {OptimiserKind::Sgd, OptimiserKind::Rmsprop, OptimiserKind::RmspropNature,
        OptimiserKind::RmspropNeon, OptimiserKind::Adam, OptimiserKind::AdamW}) {
    OptimiserOptions options = optionsOf(kind, 0.01);
    for (const bool clips : {false, true}) {
      options.clipNorm = clips ? 0.5 : INFINITY;
      options.clipValue = clips ? 0.7 : INFINITY;
      const std::vector<float> one = trained(options, 1, Isa::Baseline);
      for (const Isa isa : availableIsas()) EXPECT_TRUE(one == trained(options, 3, isa));
      for (const float value : one) EXPECT_TRUE(std::isfinite(value));
      if (!clips) EXPECT_TRUE(one == trained(options, 2, availableIsas().back(), true));
    }
  }
}

CASE("optimisers: gradients in pieces of which nobody knows how large they are") {
  ThreadPool pool{2};
  Control control{pool, 2};
  for (const bool bad : {false, true}) {
    std::vector<float> values(40000, 1);
    std::vector<float> gradients(40000, 0.5F);
    if (bad) gradients[39999] = INFINITY;
    Optimiser<float> optimiser(
        OptimiserOptions::of(OptimiserKind::Sgd),
        {{"n", "weight", {values.data(), values.size()}, {gradients.data(), gradients.size()}}},
        *findBackend<float>("cpu", "baseline").take());
    const Pieces pieces = piecesOf(gradients, INFINITY);
    EXPECT_EQUAL(optimiser.step(control, pieces).ok(), !bad);
    EXPECT_EQUAL(gradients[0], 0.5F);
    EXPECT_EQUAL(values[0] == 1.0F, bad);
    if (!bad) EXPECT_NEAR(optimiser.gradientNorm(), 100, 1e-6);
  }
}

CASE("optimisers: schedules by hand") {
  Schedule schedule{Schedule::Kind::Linear, 1, 0.5, 10};
  EXPECT_NEAR(schedule.at(0), 1, 0);
  EXPECT_NEAR(schedule.at(5), 0.75, 1e-15);
  EXPECT_NEAR(schedule.at(1000), 0.5, 0);
  schedule.kind = Schedule::Kind::Cosine;
  EXPECT_NEAR(schedule.at(5), 0.75, 1e-15);
  EXPECT_NEAR(schedule.at(10), 0.5, 1e-15);
  schedule = {Schedule::Kind::Exponential, 1, 0.1, 1, 0.5};
  EXPECT_NEAR(schedule.at(3), 0.125, 1e-15);
  EXPECT_NEAR(schedule.at(4), 0.1, 0);
  schedule = {Schedule::Kind::Steps, 1, 0, 10, 0.5};
  EXPECT_NEAR(schedule.at(29), 0.25, 1e-15);
  EXPECT_STATUS((Schedule{Schedule::Kind::Linear, 1, -1, 10}.validate("rate")), Code::Range, "-1");
  EXPECT_STATUS((Schedule{Schedule::Kind::Linear, 1, 1, 0}.validate("rate")), Code::Range,
                "rate: steps");
  // The rate of an update is that of the updates before it.
  OptimiserOptions sgd = optionsOf(OptimiserKind::Sgd, 1);
  sgd.learningRate = {Schedule::Kind::Steps, 1, 0, 1, 0.5};
  expectAll(moves(sgd, {1, 1, 1}), {0, -0.5, -0.75});
}

CASE("optimisers: numbers outside their ranges are refused by name") {
  const auto refusal = [](const std::function<void(OptimiserOptions&)>& change) {
    OptimiserOptions options = OptimiserOptions::of(OptimiserKind::Adam);
    change(options);
    return options.validate();
  };
  EXPECT_TRUE(refusal([](auto&) {}).ok());
  EXPECT_STATUS(refusal([](auto& o) { o.beta1 = 1; }), Code::Range, "'beta1'");
  EXPECT_STATUS(refusal([](auto& o) { o.epsilon = 0; }), Code::Range, "'epsilon'");
  EXPECT_STATUS(refusal([](auto& o) { o.momentum = NAN; }), Code::Range, "'momentum'");
  EXPECT_STATUS(refusal([](auto& o) { o.weightDecay = -1; }), Code::Range, "'weightDecay'");
  EXPECT_STATUS(refusal([](auto& o) { o.clipNorm = 0; }), Code::Range, "clip 'norm'");
  EXPECT_STATUS(refusal([](auto& o) { o.learningRate.from = NAN; }), Code::Range, "learningRate");
}

CASE("optimisers: moments of gradients that stay 0 become 0, and never subnormal") {
  ThreadPool pool{1};
  Control control{pool, 1};
  for (const auto kind : {OptimiserKind::Sgd, OptimiserKind::Rmsprop, OptimiserKind::RmspropNature,
                          OptimiserKind::RmspropNeon, OptimiserKind::Adam}) {
    OptimiserOptions options = optionsOf(kind, 1e-3);
    options.momentum = 0.9;
    options.centred = kind == OptimiserKind::Rmsprop;
    std::vector<float> value(40, 1.0F);
    std::vector<float> gradient(40, 0.01F);
    Optimiser<float> optimiser(
        options, {{"n", "weight", {value.data(), 40}, {gradient.data(), 40}, -INFINITY, INFINITY}},
        *findBackend<float>("cpu", "baseline").take());
    for (int step = 0; step < 80000; ++step) {
      EXPECT_TRUE(optimiser.step(control).ok());
      if (step == 0) gradient.assign(gradient.size(), 0.0F);
      if (step % 100 != 0) continue;
      for (const float moment : momentsOf(optimiser))
        EXPECT_TRUE(moment == 0 || std::isnormal(moment));
    }
    for (const float moment : momentsOf(optimiser)) EXPECT_EQUAL(moment, 0.0F);
  }
}

}  // namespace spiq
