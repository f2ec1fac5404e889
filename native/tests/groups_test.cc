#include "backend/registry.h"
#include "base/isa.h"
#include "core/sim/float_pass.h"
#include "core/sim/simulate.h"
#include "tests/check.h"
#include "tests/numbers.h"
#include "tests/sample_graphs.h"

// Layers in groups against the same ones in a single group, with weights of zero between channels
// of different groups: no sum differs in a bit. Sizes that fill tiles, lie across two, or repeat.

namespace spiq {

using tests::chained;

namespace {

struct Groups {
  std::int64_t groups;
  std::int64_t in;   // of each
  std::int64_t out;  // of each
};
constexpr Groups kGroups[] = {{2, 3, 40}, {5, 4, 15}, {3, 33, 25}, {70, 1, 1},  {96, 1, 1},
                              {17, 1, 1}, {35, 1, 2}, {40, 2, 1},  {4, 20, 20}, {2, 70, 70}};

Tensor drawn(const Shape& shape, std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(-0.4F, 0.6F);
  Tensor made = tests::ramp(shape, 0, 0);
  for (float& value : made.data) value = uniform(random);
  return made;
}

ConvNode grouped(const Groups& sizes, std::mt19937& random) {
  ConvNode node;
  node.weight = drawn({sizes.groups * sizes.out, sizes.in, 3}, random);
  node.bias = drawn({sizes.groups * sizes.out}, random);
  node.groups = sizes.groups;
  node.padding = {1, 1};
  return node;
}

ConvNode spread(const ConvNode& node, const Groups& sizes) {
  const std::int64_t in = sizes.groups * sizes.in;
  const std::int64_t out = sizes.groups * sizes.out;
  ConvNode whole = node;
  whole.groups = 1;
  whole.weight = tests::ramp({out, in, 3}, 0, 0);
  for (std::int64_t o = 0; o < out; ++o) {
    for (std::int64_t i = 0; i < sizes.in * 3; ++i) {
      const std::int64_t at = o * in * 3 + o / sizes.out * sizes.in * 3 + i;
      whole.weight.data[static_cast<std::size_t>(at)] =
          node.weight.data[static_cast<std::size_t>(o * sizes.in * 3 + i)];
    }
  }
  return whole;
}

PoolNode average() {
  PoolNode node;
  node.kernel = {2};
  node.stride = {1};
  return node;
}

NeuronNode neuron(int burst, bool ternary) {
  NeuronNode node;
  node.spec.burst = burst;
  node.spec.ternary = ternary;
  node.spec.threshold = 0.7;
  return node;
}

// What stands before the layer: nothing, so that its input is constant; spikes of several kinds;
// means of spikes.
std::vector<Node> before(int kind, const Shape& input) {
  std::vector<Node> nodes{{"x", InputNode{input}}};
  if (kind > 0) nodes.push_back({"n", neuron(kind == 2 ? 3 : 1, kind == 3)});
  if (kind == 4) nodes.push_back({"mean", average()});
  return nodes;
}

// A network needs a layer with weights.
NodeBody identity(const InputNode& input) {
  const std::int64_t channels = input.shape[0];
  if (input.shape.size() == 1) return ReshapeNode{input.shape};
  ConvNode node;
  node.weight = tests::ramp({channels, 1, 1}, 1, 0);
  node.groups = channels;
  return node;
}

template <class Real>
struct Outputs {
  std::vector<Real> potentials;
  std::vector<Real> floats;
};

template <class Real>
Outputs<Real> outputs(std::vector<Node> nodes, const NodeBody& layer, Isa isa) {
  ThreadPool pool{2};
  Control control{pool, 2};
  const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
  nodes.push_back({"layer", layer});
  const InputNode& given = *nodes[0].as<InputNode>();
  const FloatPass<Real> pass =
      FloatPass<Real>::compile(chained({nodes[0], {"same", identity(given)}, nodes.back()}),
                               backend)
          .take();
  nodes.push_back({"hidden", neuron(1, false)});
  nodes.push_back({"again", AccumulatorNode{}});
  SimulationOptions options;
  options.steps = 45;
  const auto simulation = Simulation<Real>::make(chained(nodes), options, backend).take();
  constexpr std::size_t rows = 2;
  std::mt19937 random = tests::seeded(5);
  std::normal_distribution<Real> normal(Real(0.2), Real(0.5));
  std::vector<Real> x(rows * static_cast<std::size_t>(simulation->observationSize()));
  for (Real& value : x) value = random() % 4 == 0 ? Real{0} : normal(random);
  SimulationInput<Real> input;
  input.observations = {x.data(), x.size()};
  input.rows = rows;
  Outputs<Real> all{simulation->run(input, {}, control).take().out, {}};
  all.floats.resize(rows * static_cast<std::size_t>(pass.outputs()));
  EXPECT_TRUE(pass.run(input.observations, rows, all.floats.data(), {}, control).ok());
  return all;
}

template <class Real>
void compare(const std::vector<Node>& nodes, const NodeBody& one, const NodeBody& other) {
  for (const Isa isa : availableIsas()) {
    const Outputs<Real> a = outputs<Real>(nodes, one, isa);
    const Outputs<Real> b = outputs<Real>(nodes, other, isa);
    EXPECT_TRUE(std::equal(a.potentials.begin(), a.potentials.end(), b.potentials.begin(),
                           b.potentials.end(), tests::sameBits<Real>));
    EXPECT_TRUE(std::equal(a.floats.begin(), a.floats.end(), b.floats.begin(), b.floats.end(),
                           tests::sameBits<Real>));
    EXPECT_TRUE(std::any_of(a.potentials.begin(), a.potentials.end(),
                            [](Real value) { return value > 1; }));
  }
}

template <class Real>
void compareGroups() {
  std::mt19937 random = tests::seeded(3);
  for (const Groups& sizes : kGroups) {
    const ConvNode layer = grouped(sizes, random);
    for (int kind = 0; kind < 5; ++kind)
      compare<Real>(before(kind, {sizes.groups * sizes.in, 4}), layer, spread(layer, sizes));
  }
}

template <class Real>
void compareScales() {
  std::mt19937 random = tests::seeded(4);
  for (const std::int64_t channels : {1, 5, 16, 70, 130}) {
    const ScaleNode scale{drawn({channels}, random), drawn({channels}, random)};
    ConvNode same;
    same.weight = {{channels, 1, 1}, scale.factor.data};
    same.bias = scale.offset;
    same.groups = channels;
    for (int kind = 0; kind < 5; ++kind) compare<Real>(before(kind, {channels, 4}), scale, same);
  }
}

}  // namespace

CASE("groups give what one group with zeros between them gives, float") {
  compareGroups<float>();
}
CASE("groups give what one group with zeros between them gives, double") {
  compareGroups<double>();
}
CASE("a scale gives what a convolution of one tap in as many groups as channels gives") {
  compareScales<float>();
  compareScales<double>();
}
CASE("groups hold the weights of their own channels") {
  std::mt19937 random = tests::seeded(6);
  const ConvNode alone = grouped({960, 1, 1}, random);
  EXPECT_EQUAL(LinearData<float>(alone, {960, 7}, {960, 7}).bytes(), std::size_t{11520});
  const ConvNode some = grouped({32, 8, 8}, random);
  EXPECT_EQUAL(LinearData<float>(some, {256, 7}, {256, 7}).bytes(), std::size_t{196608});
}

// The last tile of its weights is narrow: the words of a cell are summed together there.
CASE("bursts into a layer of more than one tile are what they are step by step") {
  std::mt19937 random = tests::seeded(7);
  for (const std::int64_t units : {80, 96}) {
    const DenseNode layer{drawn({units, 6}, random), {}};
    for (const Isa isa : availableIsas()) {
      const auto one = outputs<double>(before(2, {6}), layer, isa);
      // A dense layer for each unit has one tile.
      for (const std::int64_t unit : {0, 63, 64, 79}) {
        const auto from = layer.weight.data.begin() + unit * 6;
        const DenseNode single{{{1, 6}, {from, from + 6}}, {}};
        const auto alone = outputs<double>(before(2, {6}), single, isa);
        EXPECT_EQUAL(one.potentials[static_cast<std::size_t>(unit)], alone.potentials[0]);
      }
    }
  }
}

}  // namespace spiq
