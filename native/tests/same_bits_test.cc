#include <algorithm>

#include "backend/registry.h"
#include "base/isa.h"
#include "tests/check.h"
#include "tests/checksum.h"
#include "tests/numbers.h"
#include "tests/sample_graphs.h"

// The same bits on every machine. Whether they are right is for the tests with oracles to say; the
// checksums here tie together runs that no single machine could compare, x86 and Arm.

namespace spiq {

using tests::chained;

namespace {

constexpr std::size_t kRows = 3;

// From -1 to below 1 in steps of 2^-23. The distributions of the standard library would be other
// numbers with other libraries.
float uniform(std::mt19937& random) {
  return static_cast<float>(random() >> 8) * 0x1p-23F - 1.0F;
}

Tensor drawn(const Shape& shape, float scale, std::mt19937& random) {
  Tensor made = tests::ramp(shape, 0, 0);
  for (float& value : made.data) value = scale * uniform(random);
  return made;
}

DenseNode dense(std::int64_t out, std::int64_t in, float scale, std::mt19937& random) {
  return {drawn({out, in}, scale, random), drawn({out}, 0.25F, random)};
}

ConvNode conv(const Shape& weight, std::int64_t groups, std::mt19937& random) {
  ConvNode node;
  node.weight = drawn(weight, 0.5F, random);
  node.bias = drawn({weight[0]}, 0.25F, random);
  node.groups = groups;
  node.padding = {1, 0, 1, 1};
  return node;
}

template <class Change>
NeuronNode neuron(const Change& change) {
  NeuronNode node;
  change(node.spec);
  return node;
}

struct Sample {
  Graph graph;
  SimulationOptions options;
};

Sample denseConstant() {
  std::mt19937 random = tests::seeded(1);
  Sample sample;
  sample.graph = chained({{"x", InputNode{{37}}},
                          {"fc1", dense(150, 37, 0.5F, random)},
                          {"n1", NeuronNode{}},
                          {"fc2", dense(33, 150, 0.25F, random)},
                          {"n2", neuron([](NeuronSpec& spec) {
                             spec.alpha = 0.3;
                             spec.beta = 0.9;
                             spec.reset = Reset::Zero;
                           })},
                          {"fc3", dense(5, 33, 0.5F, random)},
                          {"out", AccumulatorNode{0.1, 0.95}}});
  return sample;
}

Sample convPoisson() {
  std::mt19937 random = tests::seeded(2);
  PoolNode maximum;
  maximum.mode = PoolMode::Max;
  maximum.kernel = {2, 2};
  PoolNode average;
  average.kernel = {3, 2};
  average.stride = {1, 2};
  average.padding = {1, 0, 1, 0};
  Sample sample;
  sample.graph = chained({{"x", InputNode{{3, 9, 8}}},
                          {"conv1", conv({20, 3, 3, 3}, 1, random)},
                          {"n1", NeuronNode{}},
                          {"max", maximum},
                          {"conv2", conv({6, 10, 2, 2}, 2, random)},
                          {"n2", neuron([](NeuronSpec& spec) { spec.refractory = 2; })},
                          {"average", average},
                          {"flat", FlattenNode{}},
                          {"fc", dense(4, 30, 0.5F, random)},
                          {"n3", NeuronNode{}}});
  sample.options.encoding = Encoding::Poisson;
  sample.options.decoding = Decoding::Spikes;
  return sample;
}

Sample burstTernary() {
  std::mt19937 random = tests::seeded(3);
  Sample sample;
  sample.graph = chained({{"x", InputNode{{20}}},
                          {"fc1", dense(70, 20, 1.5F, random)},
                          {"n1", neuron([](NeuronSpec& spec) {
                             spec.burst = 3;
                             spec.ternary = true;
                             spec.threshold = 0.7;
                           })},
                          {"fc2", dense(40, 70, 0.5F, random)},
                          {"n2", neuron([](NeuronSpec& spec) {
                             spec.ternary = true;
                             spec.beta = 0.8;
                           })},
                          {"fc3", dense(6, 40, 0.5F, random)},
                          {"n3", neuron([](NeuronSpec& spec) {
                             spec.reset = Reset::Value;
                             spec.resetValue = -0.1;
                           })}});
  sample.options.encoding = Encoding::Equidistant;
  sample.options.decoding = Decoding::Spikes;
  return sample;
}

Sample recurrent() {
  std::mt19937 random = tests::seeded(4);
  Sample sample;
  sample.graph = chained({{"x", InputNode{{11}}},
                          {"fc1", dense(18, 11, 0.5F, random)},
                          {"sum", AddNode{}},
                          {"n1", NeuronNode{}},
                          {"fc2", dense(3, 18, 0.5F, random)},
                          {"n2", NeuronNode{}}});
  sample.graph.nodes.push_back({"back", dense(18, 18, 0.25F, random)});
  sample.graph.edges.push_back({"n1", "back"});
  sample.graph.edges.push_back({"back", "sum", 3});
  sample.options.decoding = Decoding::MeanPotential;
  return sample;
}

Sample published() {
  std::mt19937 random = tests::seeded(5);
  Sample sample;
  sample.graph = chained({{"x", InputNode{{16}}},
                          {"fc1", dense(64, 16, 0.75F, random)},
                          {"n1", neuron([](NeuronSpec& spec) {
                             spec.alpha = 0.2;
                             spec.beta = 0.9;
                           })},
                          {"fc2", dense(2, 64, 0.5F, random)},
                          {"n2", NeuronNode{}}});
  sample.options.semantics = Semantics::Dsqn;
  sample.options.encoding = Encoding::Poisson;
  sample.options.twoInputNeurons = true;
  return sample;
}

template <class Real>
std::string checksumOf(const Sample& sample, const char* isa) {
  SimulationOptions options = sample.options;
  options.steps = 75;
  const auto simulation =
      Simulation<Real>::make(sample.graph, options, *findBackend<Real>("cpu", isa).take()).take();
  std::mt19937 random = tests::seeded(6);
  std::vector<Real> observations(kRows * static_cast<std::size_t>(simulation->observationSize()));
  for (Real& value : observations) {
    // More bits than a float has: the product of two floats would be exact in double.
    const double fine = 0x1p-24 * uniform(random);
    value = static_cast<Real>(uniform(random) + fine);
  }
  SimulationInput<Real> input;
  input.observations = {observations.data(), observations.size()};
  input.rows = kRows;
  input.seed = 7;
  ThreadPool pool(2);
  Control control{pool, 2};
  tests::Checksum checksum;
  for (const bool trace : {false, true}) {
    RecordRequest record;
    record.counts = true;
    record.trace = trace;
    const auto result = simulation->run(input, record, control).take();
    // A layer that is silent would vouch for nothing.
    for (const auto& counts : result.counts)
      EXPECT_TRUE(std::any_of(counts.begin(), counts.end(), [](int count) { return count != 0; }));
    checksum.add(result);
  }
  return checksum.hexadecimal();
}

void expectChecksums(const Sample& sample, const std::string& float32, const std::string& float64) {
  for (const Isa isa : availableIsas()) {
    const std::string name = isaName(isa);
    EXPECT_EQUAL(name + " float32 " + checksumOf<float>(sample, isaName(isa)),
                 name + " float32 " + float32);
    EXPECT_EQUAL(name + " float64 " + checksumOf<double>(sample, isaName(isa)),
                 name + " float64 " + float64);
  }
}

}  // namespace

CASE("every machine gives these bits: fully connected, leaky, constant input") {
  expectChecksums(denseConstant(), "f45dfceeff3e4206", "d7fe44e7a6dda8fd");
}
CASE("every machine gives these bits: convolutions and pools, Poisson input") {
  expectChecksums(convPoisson(), "070a4f2a7e024d41", "52d721f6e4026d8c");
}
CASE("every machine gives these bits: bursts and negative spikes") {
  expectChecksums(burstTernary(), "07860141659e2ceb", "7a4f1d6d1faab93c");
}
CASE("every machine gives these bits: a delayed edge back") {
  expectChecksums(recurrent(), "3f28a65874f8b7c7", "5db9ea1af692f3b8");
}
CASE("every machine gives these bits: dsqn, two input neurons") {
  expectChecksums(published(), "b6f5f4803e67d30b", "69c729907bcd38cb");
}

}  // namespace spiq
