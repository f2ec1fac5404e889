#include "core/convert/fold_batch_norm.h"

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
  const auto whole = [&](double x) { return applied(applied(layer(applied(x)))); };
  const DenseNode& fc = *folded.nodes[1].as<DenseNode>();
  EXPECT_EQUAL(folded.nodes.size(), std::size_t{2});
  EXPECT_EQUAL(folded.outputs, (std::vector<std::string>{"fc"}));
  EXPECT_EQUAL(fc.weight.data[0], static_cast<float>(whole(1) - whole(0)));
  EXPECT_EQUAL(tests::given(fc.bias).data[0], static_cast<float>(whole(0)));
}

CASE("fold: into what comes behind, where nothing before can take it") {
  // W (x' ) + b with x' = (2 x0 + 1, 0.25 x1)
  Graph folded = foldBatchNorm(chained({{"x", InputNode{{2}}},
                                        {"norm", twoChannels()},
                                        {"fc", dense(2, 2, {1, 4, 2, 8}, {0.5F, 0})}}))
                     .take();
  EXPECT_EQUAL(folded.edges.size(), std::size_t{1});
  EXPECT_EQUAL(folded.edges[0].from, std::string("x"));
  EXPECT_EQUAL(folded.nodes[1].as<DenseNode>()->weight.data, (std::vector<float>{2, 1, 4, 2}));
  EXPECT_EQUAL(tests::given(folded.nodes[1].as<DenseNode>()->bias).data,
               (std::vector<float>{1.5F, 2}));

  ConvNode node = conv(tensor({1, 2, 2}, {1, 2, 4, 8}));
  node.padding = {0, 0};
  Graph graph = chained({{"x", InputNode{{2, 4}}}, {"norm", twoChannels()}, {"c", node}});
  folded = foldBatchNorm(graph).take();
  EXPECT_EQUAL(folded.nodes[1].as<ConvNode>()->weight.data, (std::vector<float>{2, 4, 1, 2}));
  EXPECT_EQUAL(tests::given(folded.nodes[1].as<ConvNode>()->bias).data, (std::vector<float>{3}));
  node.padding = {0, 1};
  graph.nodes[2].body = node;
  EXPECT_STATUS(refusal(graph), Code::Unsupported, "batch_norm node 'norm'");
  ConvTransposeNode transposed;
  transposed.weight = tensor({2, 1, 2}, {1, 2, 4, 8});
  graph.nodes[2].body = transposed;
  EXPECT_STATUS(refusal(graph), Code::Unsupported, "batch_norm node 'norm'");
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
  EXPECT_STATUS(refusal(graph), Code::Unsupported,
                "batch_norm node 'norm': expected a weighted node right before it");
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
  EXPECT_STATUS(refusal(graph), Code::Unsupported, "batch_norm node 'norm'");
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
