#include "core/convert/fold_batch_norm.h"

#include <algorithm>

#include "backend/registry.h"
#include "core/sim/float_pass.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::conv;
using tests::dense;
using tests::tensor;

// Factors 2 and 0.25, so that what follows is exact: 2 (x - 1) + 3 and 0.25 (x + 4) - 1.
static BatchNormNode twoChannels() {
  return {tensor({2}, {4, 0.5F}), tensor({2}, {3, -1}), tensor({2}, {1, -4}), tensor({2}, {3, 3}),
          1.0};
}

static Status refusal(const Graph& graph) {
  return foldBatchNorm(graph).status();
}

CASE("fold: into a dense node before, with and without bias") {
  Graph graph = chained({{"x", InputNode{{2}}},
                         {"fc", dense(2, 2, {1, 2, 3, 4}, {5, 8})},
                         {"norm", twoChannels()},
                         {"relu", ReluNode{}}});
  Graph folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.nodes.size(), std::size_t{3});
  EXPECT_EQUAL(folded.edges[1].from, std::string("fc"));
  EXPECT_EQUAL(folded.edges[1].to, std::string("relu"));
  const DenseNode& fc = *folded.nodes[1].as<DenseNode>();
  EXPECT_EQUAL(fc.weight.data, (std::vector<float>{2, 4, 0.75F, 1}));
  EXPECT_EQUAL(tests::given(fc.bias).data, (std::vector<float>{11, 2}));

  graph.nodes[1].body = dense(2, 2, {1, 2, 3, 4});
  folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(tests::given(folded.nodes[1].as<DenseNode>()->bias).data,
               (std::vector<float>{1, 0}));
}

CASE("fold: into convolutions before, whose output becomes the graph's") {
  ConvNode grouped = conv(tensor({2, 1, 2}, {1, 2, 4, 8}), {0, 0});
  grouped.groups = 2;
  grouped.padding = {1, 1};
  Graph folded =
      foldBatchNorm(chained({{"x", InputNode{{2, 3}}}, {"c", grouped}, {"norm", twoChannels()}}))
          .take();
  EXPECT_EQUAL(folded.outputs, (std::vector<std::string>{"c"}));
  EXPECT_EQUAL(folded.nodes[1].as<ConvNode>()->weight.data, (std::vector<float>{2, 4, 1, 2}));
  EXPECT_EQUAL(tests::given(folded.nodes[1].as<ConvNode>()->bias).data, (std::vector<float>{1, 0}));

  ConvTransposeNode transposed;
  transposed.weight = tensor({3, 2, 1}, {1, 4, 2, 8, 3, 16});
  folded =
      foldBatchNorm(chained({{"x", InputNode{{3, 3}}}, {"c", transposed}, {"norm", twoChannels()}}))
          .take();
  EXPECT_EQUAL(folded.nodes[1].as<ConvTransposeNode>()->weight.data,
               (std::vector<float>{2, 1, 4, 2, 6, 4}));
}

CASE("fold: several norms around one node are rounded once") {
  const float third = 1.0F / 3.0F;
  const BatchNormNode norm{tensor({1}, {0.1F}), tensor({1}, {third}), tensor({1}, {0.7F}),
                           tensor({1}, {third}), 1e-5};
  const Graph folded = foldBatchNorm(chained({{"x", InputNode{{1}}},
                                              {"before", norm},
                                              {"fc", dense(1, 1, {1.1F}, {0.9F})},
                                              {"behind", norm},
                                              {"again", norm}}))
                           .take();
  const double factor = 0.1F / std::sqrt(static_cast<double>(third) + 1e-5);
  const double offset = third - static_cast<double>(0.7F) * factor;
  const auto applied = [&](double value) { return value * factor + offset; };
  const auto layer = [&](double value) {
    return static_cast<double>(1.1F) * value + static_cast<double>(0.9F);
  };
  const auto whole = [&](double x) { return applied(applied(layer(x))); };
  const InputNode& input = *folded.nodes[0].as<InputNode>();
  const DenseNode& fc = *folded.nodes[1].as<DenseNode>();
  EXPECT_EQUAL(tests::given(input.factor).data[0], static_cast<float>(factor));
  EXPECT_EQUAL(tests::given(input.offset).data[0], static_cast<float>(offset));
  EXPECT_EQUAL(folded.nodes.size(), std::size_t{2});
  EXPECT_EQUAL(folded.outputs, (std::vector<std::string>{"fc"}));
  EXPECT_EQUAL(fc.weight.data[0], static_cast<float>(whole(1) - whole(0)));
  EXPECT_EQUAL(tests::given(fc.bias).data[0], static_cast<float>(whole(0)));
}

// Behind a ReLU, which takes in nothing.
static Graph behindRelu(const Shape& shape, const NodeBody& layer) {
  return chained(
      {{"x", InputNode{shape}}, {"relu", ReluNode{}}, {"norm", twoChannels()}, {"layer", layer}});
}

CASE("fold: into what comes behind, where nothing before can take it") {
  // W (x' ) + b with x' = (2 x0 + 1, 0.25 x1)
  Graph folded = foldBatchNorm(behindRelu({2}, dense(2, 2, {1, 4, 2, 8}, {0.5F, 0}))).take();
  EXPECT_EQUAL(folded.edges.size(), std::size_t{2});
  EXPECT_EQUAL(folded.edges[1].from, std::string("relu"));
  EXPECT_EQUAL(folded.nodes[2].as<DenseNode>()->weight.data, (std::vector<float>{2, 1, 4, 2}));
  EXPECT_EQUAL(tests::given(folded.nodes[2].as<DenseNode>()->bias).data,
               (std::vector<float>{1.5F, 2}));

  ConvNode node = conv(tensor({1, 2, 2}, {1, 2, 4, 8}));
  node.padding = {0, 0};
  folded = foldBatchNorm(behindRelu({2, 4}, node)).take();
  EXPECT_EQUAL(folded.nodes[2].as<ConvNode>()->weight.data, (std::vector<float>{2, 4, 1, 2}));
  EXPECT_EQUAL(tests::given(folded.nodes[2].as<ConvNode>()->bias).data, (std::vector<float>{3}));
}

static void expectScale(const Graph& folded, const char* name) {
  const auto at = std::find_if(folded.nodes.begin(), folded.nodes.end(),
                               [&](const Node& node) { return node.name == name; });
  EXPECT_TRUE(at != folded.nodes.end() && at->as<ScaleNode>() != nullptr);
  EXPECT_EQUAL(at->as<ScaleNode>()->factor.data, (std::vector<float>{2, 0.25F}));
  EXPECT_EQUAL(tests::given(at->as<ScaleNode>()->offset).data, (std::vector<float>{1, 0}));
}

CASE("fold: what nothing can take in is a scale") {
  ConvNode node = conv(tensor({1, 2, 2}, {1, 2, 4, 8}));
  node.padding = {0, 1};
  expectScale(foldBatchNorm(behindRelu({2, 4}, node)).take(), "norm");
  ConvTransposeNode transposed;
  transposed.weight = tensor({2, 1, 2}, {1, 2, 4, 8});
  expectScale(foldBatchNorm(behindRelu({2, 4}, transposed)).take(), "norm");
  // Two of them become one.
  Graph graph = behindRelu({2, 4}, ScaleNode{tensor({2}, {4, 4}), tensor({2}, {1, 1})});
  graph.nodes.push_back({"last", ReluNode{}});
  graph.edges.push_back({"layer", "last"});
  graph.outputs = {"last"};
  const Graph folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.nodes.size(), std::size_t{4});
  EXPECT_EQUAL(folded.nodes[2].as<ScaleNode>()->factor.data, (std::vector<float>{8, 1}));
  EXPECT_EQUAL(tests::given(folded.nodes[2].as<ScaleNode>()->offset).data,
               (std::vector<float>{5, 1}));
  // Two that a layer behind them takes in together.
  graph.nodes[4].body = dense(1, 2, {1, 2});
  graph.nodes[0].body = InputNode{{2}};
  const Graph together = foldBatchNorm(graph).take();
  EXPECT_EQUAL(together.nodes.size(), std::size_t{3});
  EXPECT_EQUAL(together.nodes[2].as<DenseNode>()->weight.data, (std::vector<float>{8, 2}));
  EXPECT_EQUAL(tests::given(together.nodes[2].as<DenseNode>()->bias).data, (std::vector<float>{7}));
}

CASE("fold: right behind the input of a float network into the input") {
  InputNode input{{2}};
  input.factor = tensor({2}, {0.5F, 2});
  input.offset = tensor({2}, {1, -1});
  Graph graph = chained({{"x", input}, {"norm", twoChannels()}, {"fc", dense(1, 2, {1, 2})}});
  Graph folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.nodes.size(), std::size_t{2});
  EXPECT_EQUAL(tests::given(folded.nodes[0].as<InputNode>()->factor).data,
               (std::vector<float>{1, 0.5F}));
  EXPECT_EQUAL(tests::given(folded.nodes[0].as<InputNode>()->offset).data,
               (std::vector<float>{3, -0.25F}));
  EXPECT_EQUAL(folded.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{1, 2}));
  // Spikes that are given to a spiking network come behind its input.
  graph.nodes.push_back({"out", NeuronNode{}});
  graph.edges.push_back({"fc", "out"});
  graph.outputs = {"out"};
  folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(tests::given(folded.nodes[0].as<InputNode>()->factor).data,
               (std::vector<float>{0.5F, 2}));
  EXPECT_EQUAL(folded.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{2, 0.5F}));
  // An input that something else reads too.
  graph = chained({{"x", InputNode{{2}}}, {"norm", twoChannels()}, {"sum", AddNode{}}});
  graph.edges.push_back({"x", "sum"});
  expectScale(foldBatchNorm(graph).take(), "norm");
}

CASE("fold: a node before that something else uses stays as it is") {
  Graph graph = chained({{"x", InputNode{{2}}},
                         {"fc", dense(2, 2, {1, 2, 3, 4})},
                         {"norm", twoChannels()},
                         {"last", dense(2, 2, {1, 0, 0, 1})},
                         {"sum", AddNode{}}});
  graph.edges.push_back({"fc", "sum"});
  const Graph folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{1, 2, 3, 4}));
  EXPECT_EQUAL(folded.nodes[2].as<DenseNode>()->weight.data, (std::vector<float>{2, 0, 0, 0.25F}));
  graph.nodes[3].body = ReluNode{};
  expectScale(foldBatchNorm(graph).take(), "norm");
}

CASE("a norm that nobody has folded is computed as its scale") {
  ThreadPool pool{1};
  Control control{pool, 1};
  const Graph graph =
      chained({{"x", InputNode{{2}}}, {"fc", dense(2, 2, {1, 0, 0, 1})}, {"norm", twoChannels()}});
  const auto pass =
      FloatPass<double>::compile(graph, *findBackend<double>("cpu", "auto").take()).take();
  const std::vector<double> x{1.5, -2, 0, 3};
  std::vector<double> out(4);
  EXPECT_TRUE(pass.run({x.data(), x.size()}, 2, out.data(), {}, control).ok());
  EXPECT_EQUAL(out, (std::vector<double>{4, -0.5, 1, 0.75}));
}

CASE("fold: outputs of the graph are not folded away") {
  // fc is the output and comes back, a step later, through the norm.
  Graph graph;
  graph.nodes = {{"x", InputNode{{2}}},
                 {"sum", AddNode{}},
                 {"fc", dense(2, 2, {1, 0, 0, 1})},
                 {"norm", twoChannels()}};
  graph.edges = {{"x", "sum"}, {"sum", "fc"}, {"fc", "norm"}, {"norm", "sum", 1}};
  graph.outputs = {"fc"};
  expectScale(foldBatchNorm(graph).take(), "norm");
  graph.outputs = {"norm"};
  const Graph folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.outputs, (std::vector<std::string>{"fc"}));
  EXPECT_EQUAL(folded.edges.back().from, std::string("fc"));
  EXPECT_EQUAL(folded.edges.back().delay, 1);
}

CASE("fold: graphs without norms come back, broken ones and overflows are refused") {
  EXPECT_EQUAL(foldBatchNorm(tests::floatNetwork()).take().nodes.size(), std::size_t{4});
  EXPECT_STATUS(refusal(Graph{}), Code::Graph, "input nodes");
  BatchNormNode huge = twoChannels();
  huge.scale.data = {3e38F, 3e38F};
  EXPECT_STATUS(
      refusal(chained({{"x", InputNode{{2}}}, {"fc", dense(2, 2, {9, 9, 9, 9})}, {"norm", huge}})),
      Code::NotFinite, "dense node 'fc' weight element 0");
}

}  // namespace spiq
