#include <limits>

#include "core/graph/graph.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::conv;
using tests::ramp;

template <class Body>
static Result<Shape> through(const Body& body, const Shape& in) {
  if (Status status = body.validate("n"); !status.ok()) return status;
  return body.outputShape(in, "n");
}

CASE("conv: extents in one and two dimensions, with stride, dilation and padding") {
  ConvNode node = conv(ramp({4, 3, 3, 2}, 0, 1));
  EXPECT_EQUAL(through(node, {3, 7, 7}).take(), (Shape{4, 5, 6}));
  node.stride = {2, 3};
  EXPECT_EQUAL(through(node, {3, 7, 7}).take(), (Shape{4, 3, 2}));
  node.padding = {1, 0, 2, 1};
  EXPECT_EQUAL(through(node, {3, 7, 7}).take(), (Shape{4, 4, 3}));
  node.dilation = {3, 4};
  EXPECT_EQUAL(through(node, {3, 7, 7}).take(), (Shape{4, 2, 2}));
  EXPECT_EQUAL(through(conv(ramp({4, 3, 5}, 0, 1)), {3, 9}).take(), (Shape{4, 5}));
}

CASE("conv: inputs that do not fit") {
  ConvNode node = conv(ramp({4, 3, 3, 2}, 0, 1));
  EXPECT_STATUS(through(node, {4, 7, 7}).status(), Code::Shape, "3 channels of 2 dimensions");
  EXPECT_STATUS(through(node, {3, 7}).status(), Code::Shape, "received [3, 7]");
  EXPECT_STATUS(through(node, {3, 2, 7}).status(), Code::Shape, "room for the kernel");
  // Division rounds towards zero: without a test of its own this would give one column.
  node.stride = {1, 5};
  EXPECT_STATUS(through(node, {3, 3, 1}).status(), Code::Shape, "room for the kernel");
}

CASE("conv: weights, biases, groups and windows are checked") {
  const auto changed = [](auto change) {
    ConvNode node = conv(ramp({4, 3, 3, 2}, 0, 1), {1, 2, 3, 4});
    change(node);
    return node.validate("conv node 'c'");
  };
  EXPECT_STATUS(changed([](ConvNode& n) { n.weight = ramp({4, 3}, 0, 1); }), Code::Shape,
                "weight: expected shape [out, in / groups, kernel...], received [4, 3]");
  EXPECT_STATUS(changed([](ConvNode& n) { n.weight.data.pop_back(); }), Code::Shape, "weight");
  EXPECT_STATUS(changed([](ConvNode& n) { n.bias = ramp({3}, 0, 1); }), Code::Shape,
                "bias: expected [4], received [3]");
  EXPECT_STATUS(
      changed([](ConvNode& n) { n.bias->data[2] = std::numeric_limits<float>::infinity(); }),
      Code::NotFinite, "bias element 2");
  for (const std::int64_t wrong : {-1, 0, 3}) {
    EXPECT_STATUS(changed([&](ConvNode& n) { n.groups = wrong; }), Code::Range, "a divisor of 4");
  }
  EXPECT_STATUS(changed([](ConvNode& n) { n.stride = {1}; }), Code::Shape, "stride: expected 2");
  EXPECT_STATUS(changed([](ConvNode& n) { n.stride = {1, 0}; }), Code::Range, "at least 1");
  EXPECT_STATUS(changed([](ConvNode& n) { n.dilation = {0, 1}; }), Code::Range, "dilation");
  EXPECT_STATUS(changed([](ConvNode& n) { n.padding = {1, 1}; }), Code::Shape, "4 sizes");
  EXPECT_STATUS(changed([](ConvNode& n) { n.padding = {0, 0, 0, -1}; }), Code::Range, "at least 0");
  EXPECT_STATUS(changed([](ConvNode& n) { n.groups = 2; }), Code::Ok, "");
}

CASE("conv in groups takes the channels of all of them") {
  ConvNode node = conv(ramp({4, 1, 3}, 0, 1));
  node.groups = 2;
  EXPECT_EQUAL(node.inputs(), 2);
  EXPECT_EQUAL(through(node, {2, 5}).take(), (Shape{4, 3}));
}

CASE("conv_transpose: extents, with stride, padding and outputPadding") {
  ConvTransposeNode node;
  node.weight = ramp({3, 2, 3, 3}, 0, 1);
  EXPECT_EQUAL(through(node, {3, 4, 5}).take(), (Shape{2, 6, 7}));
  node.stride = {2, 2};
  EXPECT_EQUAL(through(node, {3, 4, 5}).take(), (Shape{2, 9, 11}));
  node.padding = {1, 1, 1, 0};
  EXPECT_EQUAL(through(node, {3, 4, 5}).take(), (Shape{2, 7, 10}));
  node.outputPadding = {1, 0};
  EXPECT_EQUAL(through(node, {3, 4, 5}).take(), (Shape{2, 8, 10}));
  node.groups = 3;
  node.bias = ramp({6}, 0, 1);
  EXPECT_EQUAL(through(node, {3, 4, 5}).take(), (Shape{6, 8, 10}));
  node.bias = ramp({2}, 0, 1);
  EXPECT_STATUS(through(node, {3, 4, 5}).status(), Code::Shape, "bias: expected [6]");
  node.bias.reset();
  node.outputPadding = {2, 0};
  EXPECT_STATUS(through(node, {3, 4, 5}).status(), Code::Range, "below stride or dilation");
  node.outputPadding = {};
  node.padding = {9, 9, 9, 9};
  EXPECT_STATUS(through(node, {3, 4, 5}).status(), Code::Shape, "room for the kernel");
}

CASE("pool: the kernel is the stride unless one is given; none is the whole extent") {
  PoolNode node;
  EXPECT_EQUAL(through(node, {3, 7, 5}).take(), (Shape{3, 1, 1}));
  EXPECT_EQUAL(through(node, {3, 7}).take(), (Shape{3, 1}));
  node.kernel = {2, 2};
  EXPECT_EQUAL(through(node, {3, 7, 6}).take(), (Shape{3, 3, 3}));
  node.stride = {1, 1};
  EXPECT_EQUAL(through(node, {3, 7, 6}).take(), (Shape{3, 6, 5}));
  node.padding = {1, 0, 1, 1};
  EXPECT_EQUAL(through(node, {3, 7, 6}).take(), (Shape{3, 8, 6}));
}

CASE("pool: windows that do not fit") {
  PoolNode node;
  node.kernel = {3, 3};
  EXPECT_STATUS(through(node, {4}).status(), Code::Shape, "channels of one or two dimensions");
  EXPECT_STATUS(through(node, {4, 9}).status(), Code::Shape, "1 sizes");
  EXPECT_STATUS(through(node, {4, 2, 9}).status(), Code::Shape, "room for the kernel");
  node.padding = {0, 0, 3, 0};
  EXPECT_STATUS(through(node, {4, 9, 9}).status(), Code::Range, "less than the kernel's reach");
  node.kernel = {};
  EXPECT_STATUS(through(node, {4, 9, 9}).status(), Code::Argument,
                "beside stride, dilation or padding");
}

}  // namespace spiq
