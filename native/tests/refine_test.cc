#include "core/convert/refine/refine.h"

#include <cmath>
#include <random>

#include "core/convert/refine/cholesky.h"
#include "core/convert/refine/dense_sites.h"
#include "core/convert/refine/layer_fit.h"
#include "core/convert/refine/mean_error.h"
#include "core/convert/refine/moments.h"
#include "core/convert/refine/row_weights.h"
#include "core/convert/refine/twins.h"
#include "tests/check.h"
#include "tests/numbers.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::conv;
using tests::dense;

namespace {

// With a seed of their own: compilers differ in the order in which they evaluate arguments.
std::vector<float> draws(std::size_t count, unsigned seed, float factor) {
  std::mt19937 random = tests::seeded(seed);
  std::normal_distribution<float> normal;
  std::vector<float> values(count);
  for (float& value : values) value = factor * normal(random);
  return values;
}

// 3 inputs, 8 and 8 hidden units, 2 outputs; the first units of both hidden layers never active.
Graph denseChain() {
  std::vector<float> bias1 = draws(8, 11, 0.3F);
  std::vector<float> bias2 = draws(8, 12, 0.3F);
  bias1[0] = bias1[5] = bias2[0] = -100;
  return chained({{"x", InputNode{{3}}},
                  {"fc1", dense(8, 3, draws(24, 13, 0.8F), bias1)},
                  {"relu1", ReluNode{}},
                  {"fc2", dense(8, 8, draws(64, 14, 0.5F), bias2)},
                  {"relu2", ReluNode{}},
                  {"fc3", dense(2, 8, draws(16, 15, 0.6F), {0.1F, -0.1F})}});
}

Graph convolutional(double slope) {
  ReluNode relu;
  relu.slope = slope;
  return chained({{"x", InputNode{{1, 4, 4}}},
                  {"conv", conv({{4, 1, 3, 3}, draws(36, 16, 0.5F)}, draws(4, 17, 0.2F))},
                  {"relu1", relu},
                  {"flat", FlattenNode{}},
                  {"fc", dense(6, 16, draws(96, 18, 0.4F), draws(6, 19, 0.2F))},
                  {"relu2", ReluNode{}},
                  {"out", dense(3, 6, draws(18, 20, 0.6F), draws(3, 21, 0.1F))}});
}

CalibrationRows rowsOf(std::size_t width, std::size_t count) {
  const std::vector<float> drawn = draws(width * count, 22, 1.0F);
  return {width, {drawn.begin(), drawn.end()}};
}

struct Bench {
  ThreadPool pool;
  Control control;
  Trial trial;
  explicit Bench(std::size_t threads, std::int64_t steps = 16)
      : pool(threads), control{pool, threads}, trial{steps, control} {}
};

NeuronSpec half(int burst = 1) {
  NeuronSpec spec;
  spec.initial = 0.5;
  spec.burst = burst;
  return spec;
}

// The largest activation of each layer, as a scale.
std::vector<Scales> maxima(const Graph& graph, const CalibrationRows& rows, const Trial& trial) {
  std::vector<Scales> scales;
  const auto activations = trial.activations(graph, rows).take();
  for (const auto& site : activations) {
    double most = 0;
    for (const double value : site) most = std::max(most, std::abs(value));
    scales.push_back({most});
  }
  return scales;
}

Refined refined(Refinement how, const Graph& graph, const CalibrationRows& rows, Bench& bench,
                int burst = 1) {
  const auto scales = maxima(graph, rows, bench.trial);
  auto result = refine(how, {graph, scales, half(burst), {}, rows}, bench.trial);
  EXPECT_STATUS(result.status(), Code::Ok, "");
  return result.take();
}

double similarityOf(const Graph& spiking, const Graph& graph, const CalibrationRows& rows,
                    const Trial& trial) {
  const auto wanted = trial.activations(graph, rows).value().back();
  return similarity(trial.outputs(spiking, rows).value(), wanted, wanted.size() / rows.count());
}

std::vector<float> parameters(const Graph& graph) {
  std::vector<float> all;
  const auto add = [&](const Tensor& tensor) {
    all.insert(all.end(), tensor.data.begin(), tensor.data.end());
  };
  for (const Node& node : graph.nodes) {
    if (const auto* layer = node.as<DenseNode>()) {
      add(layer->weight);
      add(tests::given(layer->bias));
    }
    if (const auto* layer = node.as<ConvNode>()) {
      add(layer->weight);
      add(tests::given(layer->bias));
    }
    if (const auto* neurons = node.as<NeuronNode>()) add(tests::given(neurons->initials));
  }
  return all;
}

}  // namespace

CASE("Cholesky: a solution known beforehand, and a matrix that has none") {
  // L = [2; 6 1; -8 5 3], A = L L' (a common textbook example), X = [1 -1; 2 0; 3 4].
  std::vector<double> a{4, 0, 0, 12, 37, 0, -16, -43, 98};
  std::vector<double> b{4 + 24 - 48, -4 - 64, 12 + 74 - 129, -12 - 172, -16 - 86 + 294, 16 + 392};
  EXPECT_TRUE(solveCholesky(a, 3, b, 2));
  const std::vector<double> expected{1, -1, 2, 0, 3, 4};
  for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(b[i], expected[i], 1e-9);
  const std::vector<double> lower{2, 6, 1, -8, 5, 3};
  for (std::size_t row = 0, at = 0; row < 3; ++row) {
    for (std::size_t column = 0; column <= row; ++column)
      EXPECT_NEAR(a[row * 3 + column], lower[at++], 1e-12);
  }
  std::vector<double> indefinite{1, 0, 2, 1};
  std::vector<double> right{1, 1};
  EXPECT_TRUE(!solveCholesky(indefinite, 2, right, 1));
}

CASE("fits: exact linear data gives its weights back, rectified data those of the active side") {
  const std::vector<float> drawn = draws(600, 23, 1.0F);
  FitRows rows{200, {drawn.begin(), drawn.end()}, {}, std::vector<double>(200, 1.0)};
  for (std::size_t row = 0; row < 200; ++row) {
    const double* x = &rows.inputs[row * 3];
    rows.targets.push_back(2 * x[0] - x[1] + 0.5);
    rows.targets.push_back(x[2] - 3);
  }
  ThreadPool pool(1);
  Control control{pool, 1};
  for (const bool rectified : {false, true}) {
    LayerFit layer{3, 2, {1.9, -1, 0.1, 0, 0, 1}, {0.4, -3}};
    if (rectified) {
      fitRectified(layer, rows, control);
    } else {
      fitSums(layer, rows);
    }
    const std::vector<double> expected{2, -1, 0, 0, 0, 1};
    for (std::size_t i = 0; i < 6; ++i) EXPECT_NEAR(layer.weight[i], expected[i], 2e-3);
    EXPECT_NEAR(layer.bias[0], 0.5, 2e-3);
    EXPECT_NEAR(layer.bias[1], -3, 2e-3);
  }
}

CASE("moments: a row added and taken away again leaves what was") {
  Moments moments(2, 1);
  const double rows[][3] = {{1, 2, 3}, {0, 1, -1}, {2, -1, 0.5}, {1, 1, 1}};
  for (const auto& row : rows) moments.add(row, row + 2, 2.0);
  const double start[] = {0, 0};
  double weight[2] = {0, 0};
  double again[2] = {0, 0};
  double bias = 0;
  double biasAgain = 0;
  EXPECT_TRUE(moments.fit(1e-3, start, weight, &bias));
  const double odd[] = {7, -3};
  const double target = 11;
  moments.add(odd, &target, 1.5);
  moments.add(odd, &target, -1.5);
  EXPECT_TRUE(moments.fit(1e-3, start, again, &biasAgain));
  for (int i = 0; i < 2; ++i) EXPECT_NEAR(again[i], weight[i], 1e-12);
  EXPECT_NEAR(biasAgain, bias, 1e-12);
}

CASE("row weights: gaps, their weights, and spans between weighted percentiles") {
  EXPECT_EQUAL(outputGaps({1, 4, 2, -1, -1, -5}, 3), (std::vector<double>{2, 0}));
  EXPECT_EQUAL(outputGaps({1, 2}, 1).size(), std::size_t{0});
  EXPECT_EQUAL(gapWeights({2, 4, 6}, 0.5), (std::vector<double>{1.0 / 8, 1.0 / 20, 1.0 / 40}));
  EXPECT_EQUAL(gapWeights({2, 4}, kAllAlike), (std::vector<double>{1, 1}));
  const std::vector<double> values{5, 1, 3, 2, 4};
  const Span whole = weightedSpan(values, 1, 0, {1, 1, 1, 1, 1}, 1);
  EXPECT_EQUAL(whole.lower, 1.0);
  EXPECT_EQUAL(whole.upper, 5.0);
  // 3 outweighs all others.
  const Span heavy = weightedSpan(values, 1, 0, {1, 1, 100, 1, 1}, 0.9);
  EXPECT_EQUAL(heavy.lower, 3.0);
  EXPECT_EQUAL(heavy.upper, 3.0);
}

CASE("twins keep the float function and take the silent units' places with phases of their own") {
  const Graph graph = denseChain();
  const CalibrationRows rows = rowsOf(3, 300);
  Bench bench(1);
  const Arrangement arrangement = arrange(graph).take();
  const auto sites = sitesOf(arrangement);
  const auto found = denseSites(graph, arrangement, sites);
  EXPECT_TRUE(isDenseChain(found, sites));
  const auto before = bench.trial.activations(graph, rows).take();
  const Twinned twinned = withTwins(graph, sites, found, before);
  const auto after = bench.trial.activations(twinned.graph, rows).take();
  for (std::size_t i = 0; i < before.back().size(); ++i)
    EXPECT_NEAR(after.back()[i], before.back()[i], 1e-5);
  double mostOfSilent = 0;
  std::size_t shifted = 0;
  for (std::size_t row = 0; row < 300; ++row) {
    EXPECT_EQUAL(before[0][row * 8], 0.0);
    mostOfSilent = std::max(mostOfSilent, after[0][row * 8]);
  }
  EXPECT_TRUE(mostOfSilent > 0);
  for (const double phase : twinned.phases[0]) shifted += phase == 0.5 ? 0 : 1;
  EXPECT_TRUE(shifted >= 3);
  EXPECT_EQUAL(twinned.phases[2].size(), std::size_t{0});
}

CASE("bias shift and potentials bring the mean rates to the activations'") {
  for (const double slope : {0.0, 0.2}) {
    const Graph graph = convolutional(slope);
    const CalibrationRows rows = rowsOf(16, 200);
    Bench bench(2);
    const auto activations = bench.trial.activations(graph, rows).take();
    const auto scales = maxima(graph, rows, bench.trial);
    for (const bool bias : {true, false}) {
      Draft draft = draftOf(graph, scales, half(), {}).take();
      const auto errors = [&] {
        std::vector<double> sums;
        for (std::size_t s = 0; s < draft.sites.size(); ++s) {
          const auto found = meanErrors(draft, s, activations[s], rows, bench.trial).take();
          sums.push_back(0);
          for (const double error : found) sums.back() += std::abs(error);
        }
        return sums;
      };
      const auto before = errors();
      const auto correct = bias ? shiftBiases : shiftPotentials;
      EXPECT_STATUS(correct(draft, activations, rows, bench.trial), Code::Ok, "");
      const auto after = errors();
      for (std::size_t s = 0; s < after.size(); ++s) {
        EXPECT_TRUE(before[s] > 0);
        EXPECT_TRUE(after[s] < 0.5 * before[s]);
      }
    }
  }
}

CASE("an input is shifted by a scale node where the layer before leads elsewhere, too") {
  Graph graph = tests::floatNetwork();
  graph.nodes.push_back({"relu2", ReluNode{}});
  graph.nodes.push_back({"sum", AddNode{}});
  graph.nodes.push_back({"fc3", dense(2, 3, {1, 0, 0, 0, 1, 0})});
  graph.edges = {{"x", "fc1", 0},    {"fc1", "relu", 0},  {"fc1", "relu2", 0},
                 {"relu", "sum", 0}, {"relu2", "sum", 0}, {"sum", "fc3", 0}};
  graph.nodes.erase(graph.nodes.begin() + 3);  // fc2
  graph.outputs = {"fc3"};
  Draft draft = draftOf(graph, {{1}, {1}, {1}}, half(), {}).take();
  const auto nodes = draft.graph.nodes.size();
  draft.addInput(0, {1, 2, 3});
  draft.addInput(0, {1, 0, 0});
  EXPECT_EQUAL(draft.graph.nodes.size(), nodes + 1);
  const auto& scale = *draft.node("fc1 shifted for relu").as<ScaleNode>();
  EXPECT_EQUAL(scale.factor.data, (std::vector<float>{1, 1, 1}));
  EXPECT_EQUAL(tests::given(scale.offset).data, (std::vector<float>{2, 2, 3}));
  EXPECT_STATUS(arrange(draft.graph).status(), Code::Ok, "");
}

CASE("each refinement is the same on one thread and on three") {
  const CalibrationRows rows = rowsOf(3, 300);
  const Graph graph = denseChain();
  for (const auto how :
       {Refinement::BiasShift, Refinement::Potentials, Refinement::Refit, Refinement::Tune}) {
    Bench one(1);
    Bench three(3);
    const Refined a = refined(how, graph, rows, one);
    const Refined b = refined(how, graph, rows, three);
    EXPECT_EQUAL(parameters(a.graph), parameters(b.graph));
    EXPECT_EQUAL(a.scales, b.scales);
    EXPECT_EQUAL(one.control.done.load(), one.control.total.load());
  }
}

CASE("refit and tuning act more like the float network than the scales alone") {
  const CalibrationRows rows = rowsOf(3, 900);
  const Graph graph = denseChain();
  for (const int burst : {1, 4}) {
    Bench bench(2, 8);
    auto scales = maxima(graph, rows, bench.trial);
    for (Scales& each : scales) each.front() /= burst;
    const Draft plain = draftOf(graph, scales, half(burst), {}).take();
    const double before = similarityOf(plain.graph, graph, rows, bench.trial);
    const auto refit = refined(Refinement::Refit, graph, rows, bench, burst);
    const auto tuned = refined(Refinement::Tune, graph, rows, bench, burst);
    const double afterRefit = similarityOf(refit.graph, graph, rows, bench.trial);
    const double afterTuning = similarityOf(tuned.graph, graph, rows, bench.trial);
    EXPECT_TRUE(afterRefit > before);
    EXPECT_TRUE(afterTuning > afterRefit);
  }
}

CASE("refit of a convolutional network fits its dense layers and shifts the rest") {
  const CalibrationRows rows = rowsOf(16, 2000);
  const Graph graph = convolutional(0);
  Bench bench(2, 8);
  const auto scales = maxima(graph, rows, bench.trial);
  const Draft plain = draftOf(graph, scales, half(), {}).take();
  const auto refit = refined(Refinement::Refit, graph, rows, bench);
  EXPECT_TRUE(similarityOf(refit.graph, graph, rows, bench.trial) >
              similarityOf(plain.graph, graph, rows, bench.trial));
  EXPECT_TRUE(parameters(refit.graph) != parameters(plain.graph));
}

CASE("tuning is refused for anything but a chain of dense layers, and a cancelled call ends") {
  const CalibrationRows rows = rowsOf(16, 50);
  Bench bench(1);
  const Graph graph = convolutional(0);
  const auto scales = maxima(graph, rows, bench.trial);
  EXPECT_STATUS(refine(Refinement::Tune, {graph, scales, half(), {}, rows}, bench.trial).status(),
                Code::Unsupported, "'refit' takes others");
  const Graph chain = denseChain();
  const CalibrationRows three = rowsOf(3, 50);
  const auto chainScales = maxima(chain, three, bench.trial);
  bench.control.cancelled = true;
  for (const auto how : {Refinement::BiasShift, Refinement::Refit, Refinement::Tune}) {
    EXPECT_STATUS(refine(how, {chain, chainScales, half(), {}, three}, bench.trial).status(),
                  Code::Cancelled, "");
  }
}

}  // namespace spiq
