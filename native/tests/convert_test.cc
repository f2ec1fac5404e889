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

CASE("to-spiking refuses a hidden layer without ReLU and a ReLU without a layer") {
  const Graph linear =
      chained({{"x", InputNode{{1}}}, {"a", dense(1, 1, {1})}, {"b", dense(1, 1, {1})}});
  EXPECT_STATUS(toSpiking(linear, {}).status(), Code::Unsupported, "dense node 'a'");
  const Graph early =
      chained({{"x", InputNode{{1}}}, {"relu", ReluNode{}}, {"fc", dense(1, 1, {1})}});
  EXPECT_STATUS(toSpiking(early, {}).status(), Code::Unsupported, "relu node 'relu'");
}

CASE("scales: the percentile is sorted[int(p (N - 1))], the largest parameter its floor") {
  // Layer maxima of five rows; the largest parameters are 3 and 2.
  const LayerMaxima maxima{5, 2, {9, 1, 5, 0, 7, 1.5, 4, 1, 6, 0.5}};
  const auto scales = [&](double percentile) {
    return percentileScales(floatNetwork(), maxima, percentile).take();
  };
  EXPECT_EQUAL(scales(1), (std::vector<double>{9, 2}));
  EXPECT_EQUAL(scales(0.99), (std::vector<double>{7, 2}));
  EXPECT_EQUAL(scales(0.5), (std::vector<double>{6, 2}));
  EXPECT_EQUAL(scales(0.49), (std::vector<double>{5, 2}));
  EXPECT_EQUAL(scales(1e-9), (std::vector<double>{4, 2}));
}

CASE("scales: percentile, rows and positivity are checked") {
  const LayerMaxima maxima{1, 2, {1, 1}};
  for (const double wrong : {0.0, -1.0, 1.0001, std::nan("")}) {
    EXPECT_STATUS(percentileScales(floatNetwork(), maxima, wrong).status(), Code::Range,
                  "percentile");
  }
  EXPECT_STATUS(percentileScales(floatNetwork(), {0, 2, {}}, 0.5).status(), Code::Shape, "rows");
  const Graph negative = chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {-1}, {-2})}});
  EXPECT_STATUS(percentileScales(negative, {1, 1, {-3}}, 1).status(), Code::Range,
                "scale of dense node 'fc'");
  EXPECT_EQUAL(percentileScales(negative, {1, 1, {0.5}}, 1).value(), (std::vector<double>{0.5}));
}

CASE("scales of the model: the largest sum of positive weights and bias") {
  // Rows of the first matrix: 1 + 0.5, 0.5 + 0.25, 3; of the second: 1 + 2, 0.5 + 1.
  EXPECT_EQUAL(modelScales(floatNetwork()).take(), (std::vector<double>{3, 3}));
}

CASE("normalise: W s_(l-1) / s_l and b / s_l") {
  const Graph scaled = normalise(floatNetwork(), {2, 8}).take();
  const auto& first = std::get<DenseNode>(scaled.nodes[1].body);
  const auto& second = std::get<DenseNode>(scaled.nodes[3].body);
  EXPECT_EQUAL(first.weight.data, (std::vector<float>{0.5F, -1, 0.25F, 0.125F, -0.5F, 1.5F}));
  EXPECT_EQUAL(first.bias.value_or(Tensor()).data, (std::vector<float>{0.25F, 0, -0.125F}));
  EXPECT_EQUAL(second.weight.data, (std::vector<float>{0.25F, 0.5F, -0.25F, 0.125F, -1, 0.25F}));
}

CASE("convolutions are scaled like dense nodes; pools and shapes pass scales on") {
  const Graph graph = chained({{"x", InputNode{{1, 5}}},
                               {"c", conv(tensor({2, 1, 2}, {1, 2, -3, 4}), {2, -1})},
                               {"relu", ReluNode{}},
                               {"pool", PoolNode{}},
                               {"flat", FlattenNode{}},
                               {"fc", dense(1, 2, {1, 0.5F}, {8})}});
  EXPECT_EQUAL(modelScales(graph).take(), (std::vector<double>{5, 9.5}));
  const Graph scaled = normalise(graph, {4, 8}).take();
  EXPECT_EQUAL(scaled.nodes[1].as<ConvNode>()->weight.data,
               (std::vector<float>{0.25F, 0.5F, -0.75F, 1}));
  EXPECT_EQUAL(tests::given(scaled.nodes[1].as<ConvNode>()->bias).data,
               (std::vector<float>{0.5F, -0.25F}));
  EXPECT_EQUAL(scaled.nodes[5].as<DenseNode>()->weight.data, (std::vector<float>{0.5F, 0.25F}));
  EXPECT_EQUAL(tests::given(scaled.nodes[5].as<DenseNode>()->bias).data, (std::vector<float>{1}));
}

CASE("scales of the model: transposed convolutions in groups sum over what leads to a channel") {
  ConvTransposeNode node;
  // Channels 0 and 1 lead to 0 and 1, channels 2 and 3 to 2 and 3.
  node.weight = tensor({4, 2, 1}, {1, 2, 3, 4, 5, -6, 7, 8});
  node.groups = 2;
  node.bias = tensor({4}, {0.5F, 0.25F, -1, 1});
  const Graph graph = chained({{"x", InputNode{{4, 3}}}, {"t", node}});
  // 1 + 3 + 0.5, 2 + 4 + 0.25, 5 + 7, 8 + 1
  EXPECT_EQUAL(modelScales(graph).take(), (std::vector<double>{12}));
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

CASE("normalise: branches of unequal scales are refused at the node that joins them") {
  Graph graph = residual(dense(1, 1, {3}));
  const Graph scaled = normalise(graph, {2, 2, 4}).take();
  EXPECT_EQUAL(scaled.nodes[3].as<DenseNode>()->weight.data, (std::vector<float>{1.5F}));
  EXPECT_EQUAL(scaled.nodes[6].as<DenseNode>()->weight.data, (std::vector<float>{0.5F}));
  EXPECT_STATUS(normalise(graph, {2, 3, 4}).status(), Code::Unsupported,
                "add node 'sum': expected inputs of one scale");
  graph.nodes[4].body = ConcatNode{};
  graph.nodes[6].body = dense(1, 2, {1, 1});
  EXPECT_STATUS(normalise(graph, {2, 3, 4}).status(), Code::Unsupported,
                "concat node 'sum': expected inputs of one scale");
  graph = residual(FlattenNode{});
  EXPECT_STATUS(normalise(graph, {2, 4}).status(), Code::Unsupported, "received scales 2 and 1");
  EXPECT_STATUS(normalise(graph, {1, 4}).status(), Code::Ok, "");
}

CASE("normalise: a delayed input must have the scale of the sum that it comes back to") {
  Graph graph = residual(dense(1, 1, {3}));
  graph.edges.push_back({"out", "sum", 1});
  EXPECT_STATUS(normalise(graph, {2, 2, 2}).status(), Code::Ok, "");
  EXPECT_STATUS(normalise(graph, {2, 2, 4}).status(), Code::Unsupported, "add node 'sum'");
}

CASE("to-spiking: a ReLU behind a sum of which a part is linear") {
  const Graph spiking = toSpiking(residual(dense(1, 1, {3})), {}).take();
  EXPECT_TRUE(spiking.nodes[2].as<NeuronNode>() != nullptr);
  EXPECT_TRUE(spiking.nodes[5].as<NeuronNode>() != nullptr);
  EXPECT_EQUAL(spiking.outputs, (std::vector<std::string>{"readout"}));
  Graph unrectified = residual(dense(1, 1, {3}));
  unrectified.nodes[5].body = FlattenNode{};
  EXPECT_STATUS(toSpiking(unrectified, {}).status(), Code::Unsupported,
                "dense node 'b': expected a ReLU behind every hidden layer");
  Graph twice = residual(FlattenNode{});
  EXPECT_STATUS(toSpiking(twice, {}).status(), Code::Unsupported, "relu node 'relu2'");
  twice.edges.push_back({"out", "sum", 1});
  EXPECT_STATUS(toSpiking(twice, {}).status(), Code::Ok, "");
}

CASE("to-spiking looks for the ReLU through pools and shapes") {
  const ConvNode first = conv(tensor({1, 1, 2}, {1, 1}));
  const auto between = [&](const NodeBody& body) {
    return toSpiking(chained({{"x", InputNode{{1, 6}}},
                              {"a", first},
                              {"n", body},
                              {"b", conv(tensor({1, 1, 1}, {1}))}}),
                     {})
        .status();
  };
  for (const NodeBody& body : std::initializer_list<NodeBody>{
           PoolNode{}, ReshapeNode{{1, 5}}, UpsampleNode{{2}}, ConcatNode{}, AddNode{}}) {
    EXPECT_STATUS(between(body), Code::Unsupported, "conv node 'a': expected a ReLU");
  }
  EXPECT_STATUS(between(ReluNode{}), Code::Ok, "");
}

CASE("conversion refuses a batch norm that nobody has folded") {
  const Tensor one = tensor({1}, {1});
  const Graph graph = chained({{"x", InputNode{{1}}},
                               {"fc", dense(1, 1, {1})},
                               {"norm", BatchNormNode{one, one, one, one}}});
  EXPECT_STATUS(toSpiking(graph, {}).status(), Code::Unsupported, "batch_norm node 'norm'");
  EXPECT_STATUS(normalise(graph, {1}).status(), Code::Unsupported, "batch_norm node 'norm'");
}

}  // namespace spiq
