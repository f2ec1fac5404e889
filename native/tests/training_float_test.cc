#include <algorithm>

#include "core/sim/float_pass.h"
#include "tests/training_graphs.h"

// Gradients of float networks against central differences, for every kind of layer.

namespace spiq {

using tests::chained;
using tests::drawn;
using tests::drawnConv;
using tests::drawnDense;
using tests::Trainee;

namespace {

constexpr std::size_t kRows = 3;

double scalar(const std::vector<double>& outputs, const std::vector<double>& gradients) {
  double sum = 0;
  for (std::size_t i = 0; i < outputs.size(); ++i) sum += outputs[i] * gradients[i];
  return sum;
}

std::size_t nonZeros(const View<double>& values) {
  return static_cast<std::size_t>(std::count_if(values.data, values.data + values.size,
                                                [](double value) { return value != 0; }));
}

void expectForward(const Graph& graph, const std::vector<double>& observations,
                   const std::vector<double>& outputs) {
  const auto pass =
      FloatPass<double>::compile(graph, *findBackend<double>("cpu", "baseline").take());
  std::vector<double> expected(outputs.size());
  ThreadPool pool(1);
  Control control{pool, 1};
  EXPECT_TRUE(
      pass.value()
          .run({observations.data(), observations.size()}, kRows, expected.data(), {}, control)
          .ok());
  EXPECT_TRUE(expected == outputs);
}

// Of every parameter all values, or some of many. `step` is small enough that no ReLU and no
// maximum changes sides.
void expectGradients(const Graph& graph, unsigned seed, double step = 1e-7,
                     double tolerance = 1e-6) {
  std::mt19937 random = tests::seeded(seed);
  Trainee<double> trainee(graph, {});
  const auto observations = tests::drawnReals<double>(
      kRows * static_cast<std::size_t>(trainee.pass->inputs()), 1, random);
  const std::vector<double> outputs = trainee.forward(observations);
  expectForward(graph, observations, outputs);
  const auto gradients = tests::drawnReals<double>(outputs.size(), 1, random);
  trainee.backward(gradients);
  const auto inGraph = trainee.pass->gradients();
  const auto& parameters = trainee.pass->parameters();
  EXPECT_EQUAL(inGraph.size(), parameters.size());
  for (std::size_t p = 0; p < parameters.size(); ++p) {
    const Parameter<double>& parameter = parameters[p];
    const std::vector<double> analytic(parameter.gradient.data,
                                       parameter.gradient.data + parameter.gradient.size);
    // Nothing but the graph's own values has a gradient.
    std::vector<double> own = inGraph[p].data;
    EXPECT_EQUAL(nonZeros(parameter.gradient), nonZeros({own.data(), own.size()}));
    EXPECT_TRUE(nonZeros(parameter.gradient) > 0);
    const std::size_t stride = std::max<std::size_t>(parameter.values.size / 97, 1);
    for (std::size_t i = seed % stride; i < analytic.size(); i += stride) {
      if (analytic[i] == 0 && parameter.values[i] == 0) continue;
      const double now = parameter.values[i];
      double sums[2];
      for (const int sign : {0, 1}) {
        parameter.values[i] = sign == 0 ? now - step : now + step;
        trainee.pass->parametersChanged();
        sums[sign] = scalar(trainee.forward(observations, false), gradients);
      }
      parameter.values[i] = now;
      trainee.pass->parametersChanged();
      EXPECT_NEAR(analytic[i], (sums[1] - sums[0]) / (2 * step),
                  tolerance * (1 + std::abs(analytic[i])));
    }
  }
}

ReluNode leaky(const Tensor& slopes, std::optional<double> cap = {}) {
  ReluNode node;
  node.slopes = slopes;
  node.cap = cap;
  return node;
}

PoolNode pooled(PoolMode mode, const Sizes& kernel, const Sizes& stride, const Sizes& padding) {
  PoolNode node;
  node.mode = mode;
  node.kernel = kernel;
  node.stride = stride;
  node.padding = padding;
  return node;
}

}  // namespace

CASE("gradients: fully connected layers, with bias and without, of one tile and of several") {
  std::mt19937 random = tests::seeded(1);
  expectGradients(chained({{"x", InputNode{{9}}},
                           {"fc1", drawnDense(150, 9, 0.6, random)},
                           {"relu1", ReluNode{}},
                           {"fc2", drawnDense(70, 150, 0.2, random, false)},
                           {"relu2", ReluNode{}},
                           {"fc3", drawnDense(3, 70, 0.3, random)}}),
                  2);
}

CASE("gradients: convolutions with stride, padding and dilation, leaky and capped ReLUs") {
  std::mt19937 random = tests::seeded(3);
  ConvNode first = drawnConv({5, 3, 3, 2}, 0.5, random);
  first.stride = {2, 1};
  first.padding = {1, 0, 1, 1};
  ConvNode second = drawnConv({70, 5, 2, 2}, 0.4, random);
  second.dilation = {1, 2};
  ReluNode six;
  six.cap = 1;
  expectGradients(chained({{"x", InputNode{{3, 7, 6}}},
                           {"conv1", first},
                           {"relu1", leaky(drawn({5}, 0.3, random), 0.8)},
                           {"conv2", second},
                           {"relu2", six},
                           {"flat", FlattenNode{}},
                           {"fc", drawnDense(4, 840, 0.2, random)}}),
                  4);
}

CASE("gradients: groups, a channel alone, one dimension, transposed convolutions") {
  std::mt19937 random = tests::seeded(5);
  ConvNode parts = drawnConv({80, 3, 3}, 0.5, random);
  parts.groups = 2;
  ConvNode alone = drawnConv({80, 1, 2}, 0.7, random);
  alone.groups = 80;
  alone.padding = {1, 0};
  ConvTransposeNode spread;
  spread.weight = drawn({80, 7, 3}, 0.3, random);
  spread.bias = drawn({28}, 0.2, random);
  spread.groups = 4;
  spread.stride = {2};
  spread.padding = {1, 0};
  expectGradients(chained({{"x", InputNode{{6, 7}}},
                           {"conv1", parts},
                           {"relu1", ReluNode{0.1, {}, {}}},
                           {"conv2", alone},
                           {"relu2", ReluNode{}},
                           {"up", spread},
                           {"relu3", ReluNode{}},
                           {"flat", FlattenNode{}},
                           {"fc", drawnDense(3, 280, 0.2, random)}}),
                  6);
}

CASE("gradients: pools of every mode, upsampling, padding, selection") {
  std::mt19937 random = tests::seeded(7);
  PoolNode counted = pooled(PoolMode::Average, {2, 2}, {2, 2}, {1, 1, 1, 1});
  counted.countPadding = true;
  expectGradients(chained({{"x", InputNode{{2, 8, 8}}},
                           {"conv1", drawnConv({6, 2, 3, 3}, 0.5, random)},
                           {"max", pooled(PoolMode::Max, {3, 2}, {1, 2}, {1, 0, 1, 0})},
                           {"conv2", drawnConv({5, 6, 1, 1}, 0.5, random)},
                           {"average", pooled(PoolMode::Average, {2, 2}, {2, 1}, {1, 0, 0, 1})},
                           {"up", UpsampleNode{{1, 2}}},
                           {"pad", PadNode{{1, 0, 1, 0, 1, 0}}},
                           {"conv3", drawnConv({4, 6, 2, 2}, 0.5, random)},
                           {"sum", pooled(PoolMode::Sum, {2, 2}, {1, 1}, {0, 0, 0, 0})},
                           {"some", SelectNode{2, {0, 2, 2, 3}}},
                           {"counted", counted},
                           {"turned", TransposeNode{{2, 0, 1}}},
                           {"flat", FlattenNode{}},
                           {"fc", drawnDense(3, 24, 0.4, random)}}),
                  8);
}

CASE("gradients: branches that are added, joined and read twice") {
  std::mt19937 random = tests::seeded(9);
  Graph graph = chained({{"x", InputNode{{5}}},
                         {"fc1", drawnDense(12, 5, 0.6, random)},
                         {"relu1", ReluNode{}},
                         {"fc2", drawnDense(12, 12, 0.4, random)},
                         {"sum", AddNode{}},
                         {"relu2", ReluNode{}},
                         {"join", ConcatNode{}},
                         {"fc3", drawnDense(2, 17, 0.4, random)}});
  graph.edges.push_back({"relu1", "sum"});
  graph.edges.push_back({"x", "join"});
  expectGradients(graph, 10);
}

CASE("gradients: scales") {
  std::mt19937 random = tests::seeded(11);
  expectGradients(chained({{"x", InputNode{{3, 4}}},
                           {"scale", ScaleNode{drawn({3}, 1, random), drawn({3}, 1, random)}},
                           {"relu", ReluNode{}},
                           {"plain", ScaleNode{drawn({3}, 1, random), {}}},
                           {"flat", FlattenNode{}},
                           {"fc", drawnDense(2, 12, 0.5, random)}}),
                  12);
}

// Scale and shift act linearly here, so that large steps drown the rounding to what graphs hold.
CASE("gradients: batch norms, whose mean and variance stay") {
  std::mt19937 random = tests::seeded(13);
  const BatchNormNode norm{drawn({70}, 0.5, random, 1), drawn({70}, 0.5, random),
                           drawn({70}, 0.5, random), drawn({70}, 0.4, random, 1)};
  expectGradients(chained({{"x", InputNode{{6, 2}}},
                           {"conv", drawnConv({70, 6, 1}, 0.5, random)},
                           {"norm", norm},
                           {"flat", FlattenNode{}},
                           {"fc", drawnDense(2, 140, 0.5, random)}}),
                  14, 0.25, 1e-6);
}

CASE("frozen nodes have no parameters; what is not there cannot be frozen") {
  std::mt19937 random = tests::seeded(16);
  const Graph graph = chained({{"x", InputNode{{2}}},
                               {"fc1", drawnDense(3, 2, 1, random)},
                               {"relu", ReluNode{}},
                               {"fc2", drawnDense(2, 3, 1, random)}});
  TrainingOptions options;
  options.frozen = {"fc1"};
  Trainee<float> trainee(graph, options);
  for (const auto& parameter : trainee.pass->parameters()) EXPECT_EQUAL(parameter.node, "fc2");
  trainee.forward({1, 2});
  trainee.backward({1, 1});
  const auto& backend = *findBackend<float>("cpu", "baseline").take();
  options.frozen = {"fc1", "fc2"};
  EXPECT_STATUS((TrainingPass<float>::compile(graph, options, backend).status()), Code::Argument,
                "at least one value to train");
  options.frozen = {"fc9"};
  EXPECT_STATUS((TrainingPass<float>::compile(graph, options, backend).status()), Code::Argument,
                "'fc9'");
}

CASE("the way back needs a forward pass that was kept, and a gradient for each output") {
  std::mt19937 random = tests::seeded(17);
  Trainee<float> trainee(chained({{"x", InputNode{{2}}}, {"fc", drawnDense(3, 2, 1, random)}}), {});
  const std::vector<float> gradients{1, 2, 3};
  EXPECT_STATUS(trainee.pass->backward({gradients.data(), 3}, trainee.control), Code::State,
                "forward pass");
  trainee.forward({1, 2}, false);
  EXPECT_STATUS(trainee.pass->backward({gradients.data(), 3}, trainee.control), Code::State,
                "forward pass");
  trainee.forward({1, 2});
  EXPECT_STATUS(trainee.pass->backward({gradients.data(), 2}, trainee.control), Code::Shape,
                "3 values");
  trainee.backward(gradients);
}

CASE("the graph comes back with the values of now, in its own order") {
  std::mt19937 random = tests::seeded(18);
  ConvTransposeNode spread;
  spread.weight = drawn({4, 3, 2}, 1, random);
  spread.groups = 2;
  const BatchNormNode norm{drawn({6}, 0.5, random, 1), drawn({6}, 0.5, random),
                           drawn({6}, 0.5, random), drawn({6}, 0.4, random, 1)};
  const Graph graph = chained({{"x", InputNode{{4, 3}}},
                               {"up", spread},
                               {"norm", norm},
                               {"scale", ScaleNode{drawn({6}, 1, random), {}}},
                               {"flat", FlattenNode{}},
                               {"fc", drawnDense(2, 24, 1, random)}});
  Trainee<float> trainee(graph, {});
  const auto same = [](const Tensor& a, const Tensor& b) { return a.data == b.data; };
  const Graph back = trainee.pass->graph();
  EXPECT_TRUE(same(back.nodes[1].as<ConvTransposeNode>()->weight, spread.weight));
  EXPECT_TRUE(same(back.nodes[2].as<BatchNormNode>()->scale, norm.scale));
  EXPECT_TRUE(same(back.nodes[2].as<BatchNormNode>()->shift, norm.shift));
  EXPECT_TRUE(same(back.nodes[5].as<DenseNode>()->weight, graph.nodes[5].as<DenseNode>()->weight));
  for (const auto& parameter : trainee.pass->parameters()) {
    for (std::size_t i = 0; i < parameter.values.size; ++i) parameter.values[i] *= 1.5F;
  }
  trainee.pass->parametersChanged();
  const auto observations = tests::drawnReals<float>(36, 1, random);
  const auto outputs = trainee.forward(observations);
  Trainee<float> again(trainee.pass->graph(), {});
  EXPECT_TRUE(again.forward(observations) == outputs);
}

}  // namespace spiq
