#include "core/convert/methods/bound.h"
#include "core/convert/methods/published.h"
#include "core/convert/normalise.h"
#include "core/convert/to_spiking.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::conv;
using tests::dense;
using tests::floatNetwork;
using tests::tensor;

CASE("to-spiking turns ReLUs into neurons and adds neurons at the end") {
  NeuronSpec spec;
  spec.threshold = 2;
  const Graph graph = toSpiking(floatNetwork(), spec).take();
  EXPECT_EQUAL(graph.nodes.size(), std::size_t{5});
  EXPECT_EQUAL(std::get<NeuronNode>(graph.nodes[2].body).spec.threshold, 2.0);
  EXPECT_EQUAL(graph.nodes[4].label(), std::string("neuron node 'readout'"));
  EXPECT_EQUAL(graph.outputs, (std::vector<std::string>{"readout"}));
  const Graph again = toSpiking(graph, NeuronSpec()).take();
  EXPECT_EQUAL(again.nodes.size(), graph.nodes.size());
  EXPECT_EQUAL(std::get<NeuronNode>(again.nodes[2].body).spec.threshold, 2.0);
}

CASE("to-spiking avoids a name that is taken and adds nothing behind a last ReLU") {
  Graph taken = floatNetwork();
  taken.nodes[1].name = "readout";
  taken.edges[0].to = taken.edges[1].from = "readout";
  EXPECT_EQUAL(toSpiking(taken, {}).value().outputs.front(), std::string("readout2"));
  const Graph rectified =
      chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {1})}, {"relu", ReluNode{}}});
  EXPECT_EQUAL(toSpiking(rectified, {}).value().nodes.size(), std::size_t{3});
}

static std::unique_ptr<Statistics> statisticsOf(const Graph& graph,
                                                const std::vector<double>& rows) {
  ThreadPool pool(1);
  Control control{pool, 1};
  auto statistics =
      Statistics::start(std::make_shared<Graph>(graph), Statistics::Detail::RowMaxima).take();
  const std::size_t count =
      rows.size() / static_cast<std::size_t>(arrange(graph).value().inputSize());
  if (count > 0)
    EXPECT_STATUS(statistics->add({rows.data(), rows.size()}, count, control), Code::Ok, "");
  return statistics;
}

static Graph oneLayer(float weight) {
  return chained({{"x", InputNode{{1}}},
                  {"fc", dense(1, 1, {weight})},
                  {"relu", ReluNode{}},
                  {"out", dense(1, 1, {0.25F})}});
}

CASE(
    "published scales: the percentile is sorted[int(p (N - 1))], the largest parameter its floor") {
  const auto statistics = statisticsOf(oneLayer(1), {9, 5, 7, 4, 6});
  const auto scales = [&](double percentile) {
    return publishedRobust(*statistics, percentile).take()[0];
  };
  EXPECT_EQUAL(scales(1), Scales{9});
  EXPECT_EQUAL(scales(0.99), Scales{7});
  EXPECT_EQUAL(scales(0.5), Scales{6});
  EXPECT_EQUAL(scales(0.49), Scales{5});
  EXPECT_EQUAL(scales(1e-9), Scales{4});
  EXPECT_EQUAL(publishedRobust(*statisticsOf(oneLayer(3), {0.5}), 1).take()[0], Scales{3});
}

CASE("published scales: percentile, rows and positivity are checked") {
  const auto statistics = statisticsOf(floatNetwork(), {1, 1});
  for (const double wrong : {0.0, -1.0, 1.0001, std::nan("")})
    EXPECT_STATUS(publishedRobust(*statistics, wrong).status(), Code::Range, "percentile");
  EXPECT_STATUS(publishedRobust(*statisticsOf(floatNetwork(), {}), 0.5).status(), Code::Shape,
                "rows");
  const Graph negative = chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {-1}, {-2})}});
  const auto scales = publishedRobust(*statisticsOf(negative, {1}), 1).take();
  EXPECT_STATUS(normalise(negative, scales).status(), Code::Range, "scale of 'fc'");
  EXPECT_EQUAL(publishedRobust(*statisticsOf(negative, {-2.5}), 1).take()[0], Scales{0.5});
}

CASE("published scales of the model: the largest sum of positive weights and bias") {
  // Rows of the first matrix: 1 + 0.5, 0.5 + 0.25, 3; of the second: 1 + 2, 0.5 + 1.
  EXPECT_EQUAL(publishedModel(floatNetwork()).take(), (std::vector<Scales>{{3}, {3}}));
}

CASE("Diehl's bound takes the bound of the layer before") {
  // Of inputs from 0 to 1: 1 + 0.5, 0.5, 3 - 0.25 - 0; then 2.75 (1 + 2), which nothing exceeds.
  EXPECT_EQUAL(modelBound(floatNetwork(), {}).take(), (std::vector<Scales>{{2.75}, {11}}));
  // The read-out may be as negative as that: -4 * 2.75.
  Graph loop = floatNetwork();
  loop.nodes.push_back({"sum", AddNode{}});
  loop.edges.push_back({"fc2", "sum", 0});
  loop.edges.push_back({"sum", "sum", 1});
  loop.outputs = {"sum"};
  EXPECT_STATUS(modelBound(loop, {}).status(), Code::Unsupported, "no bound");
}

CASE("normalise: W s_(l-1) / s_l and b / s_l") {
  const Graph scaled = normalise(floatNetwork(), {{2}, {8}}).take().graph;
  const auto& first = std::get<DenseNode>(scaled.nodes[1].body);
  const auto& second = std::get<DenseNode>(scaled.nodes[3].body);
  EXPECT_EQUAL(first.weight.data, (std::vector<float>{0.5F, -1, 0.25F, 0.125F, -0.5F, 1.5F}));
  EXPECT_EQUAL(first.bias.value_or(Tensor()).data, (std::vector<float>{0.25F, 0, -0.125F}));
  EXPECT_EQUAL(second.weight.data, (std::vector<float>{0.25F, 0.5F, -0.25F, 0.125F, -1, 0.25F}));
}

CASE("normalise by channel: rows by their own scale, columns by that of what they read") {
  const Graph scaled = normalise(floatNetwork(), {{1, 2, 4}, {8}}).take().graph;
  const auto& first = std::get<DenseNode>(scaled.nodes[1].body);
  const auto& second = std::get<DenseNode>(scaled.nodes[3].body);
  EXPECT_EQUAL(first.weight.data, (std::vector<float>{1, -2, 0.25F, 0.125F, -0.25F, 0.75F}));
  EXPECT_EQUAL(first.bias.value_or(Tensor()).data, (std::vector<float>{0.5F, 0, -0.0625F}));
  EXPECT_EQUAL(second.weight.data, (std::vector<float>{0.125F, 0.5F, -0.5F, 0.0625F, -1, 0.5F}));
}

CASE("normalise refuses lists that do not fit") {
  EXPECT_STATUS(normalise(floatNetwork(), {{2}}).status(), Code::Argument, "each of 2 layers");
  EXPECT_STATUS(normalise(floatNetwork(), {{2, 1}, {1}}).status(), Code::Shape, "scales of 'relu'");
  EXPECT_STATUS(normalise(floatNetwork(), {{2}, {0}}).status(), Code::Range, "scale of 'fc2'");
}

static Graph pooledConvolution() {
  return chained({{"x", InputNode{{1, 5}}},
                  {"c", conv(tensor({2, 1, 2}, {1, 2, -3, 4}), {2, -1})},
                  {"relu", ReluNode{}},
                  {"pool", PoolNode{}},
                  {"flat", FlattenNode{}},
                  {"fc", dense(1, 2, {1, 0.5F}, {8})}});
}

CASE("convolutions are scaled like dense nodes; pools and shapes pass scales on") {
  EXPECT_EQUAL(publishedModel(pooledConvolution()).take(), (std::vector<Scales>{{5}, {9.5}}));
  const Graph scaled = normalise(pooledConvolution(), {{4}, {8}}).take().graph;
  EXPECT_EQUAL(scaled.nodes[1].as<ConvNode>()->weight.data,
               (std::vector<float>{0.25F, 0.5F, -0.75F, 1}));
  EXPECT_EQUAL(tests::given(scaled.nodes[1].as<ConvNode>()->bias).data,
               (std::vector<float>{0.5F, -0.25F}));
  EXPECT_EQUAL(scaled.nodes[5].as<DenseNode>()->weight.data, (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQUAL(tests::given(scaled.nodes[5].as<DenseNode>()->bias).data, (std::vector<float>{1}));
}

CASE("scales of channels reach the columns behind pools and flatten nodes") {
  const Graph scaled = normalise(pooledConvolution(), {{4, 16}, {8}}).take().graph;
  EXPECT_EQUAL(scaled.nodes[5].as<DenseNode>()->weight.data, (std::vector<float>{0.5F, 1}));
}

CASE("channels that a transpose mixes have one scale, their largest") {
  const Graph graph = chained({{"x", InputNode{{2, 3}}},
                               {"c", conv(tensor({2, 2, 1}, {1, 2, -3, 4}))},
                               {"relu", ReluNode{}},
                               {"turn", TransposeNode{{1, 0}}},
                               {"c2", conv(tensor({1, 3, 1}, {1, 2, 4}))},
                               {"flat", FlattenNode{}}});
  const Normalised normalised = normalise(graph, {{2, 4}, {1}}).take();
  EXPECT_EQUAL(normalised.scales[0], (Scales{4, 4}));
  EXPECT_EQUAL(normalised.graph.nodes[4].as<ConvNode>()->weight.data,
               (std::vector<float>{4, 8, 16}));
}

CASE("scales of the model: transposed convolutions in groups sum over what leads to a channel") {
  ConvTransposeNode node;
  // Channels 0 and 1 lead to 0 and 1, channels 2 and 3 to 2 and 3.
  node.weight = tensor({4, 2, 1}, {1, 2, 3, 4, 5, -6, 7, 8});
  node.groups = 2;
  node.bias = tensor({4}, {0.5F, 0.25F, -1, 1});
  const Graph graph = chained({{"x", InputNode{{4, 3}}}, {"t", node}});
  // 1 + 3 + 0.5, 2 + 4 + 0.25, 5 + 7, 8 + 1
  EXPECT_EQUAL(publishedModel(graph).take(), (std::vector<Scales>{{12}}));
}

// x leads through a ReLU layer `a` and, beside it, through `b` into their sum, then to `out`.
static Graph residual(const NodeBody& beside) {
  Graph graph;
  graph.nodes = {
      {"x", InputNode{{1}}}, {"a", dense(1, 1, {2})}, {"relu", ReluNode{}},     {"b", beside},
      {"sum", AddNode{}},    {"relu2", ReluNode{}},   {"out", dense(1, 1, {1})}};
  graph.edges = {{"x", "a"},   {"a", "relu"},    {"x", "b"},      {"relu", "sum"},
                 {"b", "sum"}, {"sum", "relu2"}, {"relu2", "out"}};
  graph.outputs = {"out"};
  return graph;
}

static const Node* nodeNamed(const Graph& graph, const std::string& name) {
  for (const Node& node : graph.nodes) {
    if (node.name == name) return &node;
  }
  return nullptr;
}

CASE("normalise: a scale node evens out branches that meet") {
  // relu has scale 2, the sum leads to relu2 of scale 8: b is scaled for it, relu's spikes by 2
  // / 8.
  const Graph scaled = normalise(residual(dense(1, 1, {3})), {{2}, {8}, {4}}).take().graph;
  EXPECT_EQUAL(scaled.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{1}));
  EXPECT_EQUAL(scaled.nodes[3].as<DenseNode>()->weight.data, (std::vector<float>{0.375F}));
  EXPECT_EQUAL(scaled.nodes[6].as<DenseNode>()->weight.data, (std::vector<float>{2}));
  const Node* even = nodeNamed(scaled, "relu scaled for sum");
  EXPECT_TRUE(even != nullptr);
  EXPECT_EQUAL(even->as<ScaleNode>()->factor.data, (std::vector<float>{0.25F}));
  const Graph alike = normalise(residual(dense(1, 1, {3})), {{2}, {2}, {4}}).take().graph;
  EXPECT_EQUAL(alike.nodes.size(), std::size_t{7});
}

CASE("normalise: outputs of unequal scales are evened out at the end") {
  const Graph graph = chained({{"x", InputNode{{2, 2}}},
                               {"c", conv(tensor({2, 2, 1}, {1, 2, -3, 4}))},
                               {"relu", ReluNode{}},
                               {"pool", PoolNode{}},
                               {"flat", FlattenNode{}}});
  const Normalised normalised = normalise(graph, {{2, 4}, {8}}).take();
  EXPECT_EQUAL(normalised.graph.outputs.front(), std::string("flat scaled for output"));
  EXPECT_EQUAL(
      nodeNamed(normalised.graph, normalised.graph.outputs.front())->as<ScaleNode>()->factor.data,
      (std::vector<float>{0.25F, 0.5F}));
  // Where they are equal already, that is their unit.
  EXPECT_EQUAL(normalise(graph, {{2}, {8}}).take().scales.back(), (Scales{2, 2}));
}

CASE("prepare merges the streams of a dueling network into one dense layer") {
  Graph graph;
  graph.nodes = {{"x", InputNode{{1}}},
                 {"h", dense(2, 1, {1, -1})},
                 {"relu", ReluNode{}},
                 {"value", dense(1, 2, {2, 3}, {1})},
                 {"spread", dense(2, 1, {1, 1})},
                 {"advantage", dense(2, 2, {1, 0, 0, 1}, {4, 6})},
                 {"minus mean", dense(2, 2, {-0.5F, -0.5F, -0.5F, -0.5F})},
                 {"q", AddNode{}}};
  graph.edges = {
      {"x", "h"},         {"h", "relu"},         {"relu", "value"},  {"value", "spread"},
      {"spread", "q"},    {"relu", "advantage"}, {"advantage", "q"}, {"advantage", "minus mean"},
      {"minus mean", "q"}};
  graph.outputs = {"q"};
  const Graph merged = prepare(graph, LinearLayers::Spikes).take();
  EXPECT_EQUAL(merged.nodes.size(), std::size_t{4});
  EXPECT_EQUAL(merged.nodes[3].name, std::string("q"));
  EXPECT_EQUAL(merged.nodes[3].as<DenseNode>()->weight.data,
               (std::vector<float>{2.5F, 2.5F, 1.5F, 3.5F}));
  EXPECT_EQUAL(tests::given(merged.nodes[3].as<DenseNode>()->bias).data,
               (std::vector<float>{0, 2}));
}

CASE("prepare puts identities between linear layers, or leaves them as they are") {
  const Graph graph = chained({{"x", InputNode{{1, 4}}},
                               {"a", conv(tensor({1, 1, 2}, {1, 2}))},
                               {"pool", PoolNode{}},
                               {"b", conv(tensor({1, 1, 1}, {3}))}});
  const Graph spikes = prepare(graph, LinearLayers::Spikes).take();
  EXPECT_EQUAL(nodeNamed(spikes, "pool spikes")->as<ReluNode>()->slope, 1.0);
  EXPECT_EQUAL(prepare(graph, LinearLayers::Values).take().nodes.size(), std::size_t{4});
  // Vectors' layers need none: they are merged.
  const Graph dense2 =
      chained({{"x", InputNode{{1}}}, {"a", dense(1, 1, {2}, {1})}, {"b", dense(1, 1, {3})}});
  const Graph one = prepare(dense2, LinearLayers::Spikes).take();
  EXPECT_EQUAL(one.nodes.size(), std::size_t{2});
  EXPECT_EQUAL(one.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{6}));
  EXPECT_EQUAL(tests::given(one.nodes[1].as<DenseNode>()->bias).data, (std::vector<float>{3}));
}

CASE("to-spiking: leaky ReLUs become signed neurons, slopes below 0 are refused") {
  ReluNode leaky;
  leaky.slope = 0.25;
  const auto with = [](const ReluNode& relu) {
    return toSpiking(chained({{"x", InputNode{{2}}},
                              {"fc", dense(2, 2, {1, 0, 0, 1})},
                              {"relu", relu},
                              {"out", dense(1, 2, {1, 1})}}),
                     {});
  };
  const Graph graph = with(leaky).take();
  EXPECT_EQUAL(graph.nodes[2].as<NeuronNode>()->spec.negative, 4.0);
  EXPECT_TRUE(graph.nodes[2].as<NeuronNode>()->spec.ternary);
  ReluNode each;
  each.slopes = tensor({2}, {0.5F, 0});
  EXPECT_EQUAL(tests::given(with(each).value().nodes[2].as<NeuronNode>()->negatives).data,
               (std::vector<float>{2, 1e30F}));
  leaky.slope = -0.25;
  EXPECT_STATUS(with(leaky).status(), Code::Unsupported, "relu node 'relu'");
}

CASE("to-spiking: a ReLU behind a sum of which a part is linear") {
  const Graph spiking = toSpiking(residual(dense(1, 1, {3})), {}).take();
  EXPECT_TRUE(spiking.nodes[2].as<NeuronNode>() != nullptr);
  EXPECT_TRUE(spiking.nodes[5].as<NeuronNode>() != nullptr);
  EXPECT_EQUAL(spiking.outputs, (std::vector<std::string>{"readout"}));
}

CASE("conversion refuses a batch norm that nobody has folded") {
  const Tensor one = tensor({1}, {1});
  const Graph graph = chained({{"x", InputNode{{1}}},
                               {"fc", dense(1, 1, {1})},
                               {"norm", BatchNormNode{one, one, one, one}}});
  EXPECT_STATUS(toSpiking(graph, {}).status(), Code::Unsupported, "batch_norm node 'norm'");
}

}  // namespace spiq
