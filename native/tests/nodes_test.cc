#include <limits>

#include "core/graph/graph.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::floatNetwork;
using tests::ramp;
using tests::tensor;

static Status statusOf(const Graph& graph) {
  return arrange(graph).status();
}

// What becomes of an input of this shape.
template <class Body>
static Result<Shape> through(const Body& body, const Shape& in) {
  const Graph graph = chained({{"x", InputNode{in}}, {"n", body}});
  const Result<Arrangement> arrangement = arrange(graph);
  if (!arrangement.ok()) return arrangement.status();
  return arrangement.value().places[1].shape;
}

CASE("shapes: sizes below 1, too many elements, layers that do not fit") {
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{2, 0}}}})), Code::Shape, "[2, 0]");
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{-1}}}})), Code::Shape, "at least 1");
  EXPECT_STATUS(statusOf(chained({{"x", InputNode{{kMaxElements, 2}}}})), Code::Shape, "2^40");
  Graph graph = floatNetwork();
  graph.nodes[0].body = InputNode{{3}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "dense node 'fc1': expected [2], received [3]");
  graph.nodes[0].body = InputNode{{2, 1}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "received [2, 1]");
}

CASE("dense nodes: shape, number and finiteness of weights and biases") {
  Graph graph = floatNetwork();
  auto& node = std::get<DenseNode>(graph.nodes[1].body);
  const DenseNode sound = node;
  node.weight.shape = {6};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "[out, in]");
  node = sound;
  node.weight.data.pop_back();
  EXPECT_STATUS(statusOf(graph), Code::Shape, "6 values for shape [3, 2], received 5");
  node = sound;
  node.weight.data[4] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_STATUS(statusOf(graph), Code::NotFinite, "weight element 4");
  node = sound;
  node.bias = Tensor{{3}, {0, -std::numeric_limits<float>::infinity(), 0}};
  EXPECT_STATUS(statusOf(graph), Code::NotFinite, "bias element 1");
  node = sound;
  node.bias = Tensor{{2}, {0, 0}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "bias: expected [3], received [2]");
  node = sound;
  node.bias = Tensor{{3}, {0, 0, 0, 1}};
  EXPECT_STATUS(statusOf(graph), Code::Shape, "received 4");
}

CASE("flatten and reshape keep the number of elements") {
  EXPECT_EQUAL(through(FlattenNode{}, {2, 3, 4}).take(), (Shape{24}));
  EXPECT_EQUAL(through(ReshapeNode{{4, 3, 2}}, {24}).take(), (Shape{4, 3, 2}));
  EXPECT_STATUS(through(ReshapeNode{{5, 5}}, {24}).status(), Code::Shape,
                "as many elements as [5, 5] has, received [24]");
  EXPECT_STATUS(through(ReshapeNode{{-1}}, {24}).status(), Code::Shape, "at least 1");
}

CASE("upsample: a scale for each spatial dimension, all at least 1") {
  EXPECT_EQUAL(through(UpsampleNode{{2, 3}}, {4, 5, 6}).take(), (Shape{4, 10, 18}));
  EXPECT_EQUAL(through(UpsampleNode{{2}}, {4, 5}).take(), (Shape{4, 10}));
  EXPECT_STATUS(through(UpsampleNode{{2}}, {4, 5, 6}).status(), Code::Shape, "one scale for each");
  EXPECT_STATUS(through(UpsampleNode{}, {4}).status(), Code::Shape, "one scale for each");
  EXPECT_STATUS(through(UpsampleNode{{0}}, {4, 5}).status(), Code::Range, "at least 1");
}

CASE("sums take one shape, concatenations one beside their axis") {
  const auto joined = [](const NodeBody& body, const Shape& in, const Shape& reshaped) {
    Graph graph;
    graph.nodes = {{"x", InputNode{in}}, {"other", ReshapeNode{reshaped}}, {"n", body}};
    graph.edges = {{"x", "other"}, {"x", "n"}, {"other", "n"}};
    graph.outputs = {"n"};
    const Result<Arrangement> arrangement = arrange(graph);
    return arrangement.ok() ? Result<Shape>(arrangement.value().places[2].shape)
                            : Result<Shape>(arrangement.status());
  };
  EXPECT_EQUAL(joined(AddNode{}, {2, 3}, {2, 3}).take(), (Shape{2, 3}));
  EXPECT_STATUS(joined(AddNode{}, {2, 3}, {3, 2}).status(), Code::Shape,
                "inputs of add node 'n': expected one and the same shape, received [3, 2] beside");
  EXPECT_EQUAL(joined(ConcatNode{0}, {2, 3}, {2, 3}).take(), (Shape{4, 3}));
  EXPECT_EQUAL(joined(ConcatNode{1}, {2, 3}, {2, 3}).take(), (Shape{2, 6}));
  EXPECT_STATUS(joined(ConcatNode{0}, {2, 3}, {3, 2}).status(), Code::Shape, "beside the axis");
  EXPECT_STATUS(joined(ConcatNode{0}, {2, 3}, {6}).status(), Code::Shape, "same dimensions");
  EXPECT_STATUS(joined(ConcatNode{2}, {2, 3}, {2, 3}).status(), Code::Shape, "the axis among");
  for (const std::int64_t wrong : {-1, 3}) {
    EXPECT_STATUS(joined(ConcatNode{wrong}, {2, 3}, {2, 3}).status(), Code::Range, "axis");
  }
}

CASE("batch norms: four tensors of one shape, a variance that has a root, as many channels") {
  const BatchNormNode sound{ramp({2}, 1, 1), ramp({2}, 0, 1), ramp({2}, 0, 1), ramp({2}, 1, 1)};
  EXPECT_EQUAL(through(sound, {2, 5, 5}).take(), (Shape{2, 5, 5}));
  EXPECT_STATUS(through(sound, {3, 5, 5}).status(), Code::Shape, "2 channels");
  BatchNormNode node = sound;
  node.mean = ramp({3}, 0, 1);
  EXPECT_STATUS(through(node, {2}).status(), Code::Shape, "mean: expected [channels]");
  node = sound;
  node.shift.data[1] = std::numeric_limits<float>::quiet_NaN();
  EXPECT_STATUS(through(node, {2}).status(), Code::NotFinite, "shift element 1");
  node = sound;
  node.variance.data[0] = -1;
  EXPECT_STATUS(through(node, {2}).status(), Code::Range, "variance + epsilon");
  node.epsilon = 2;
  EXPECT_STATUS(through(node, {2}).status(), Code::Ok, "");
}

}  // namespace spiq
