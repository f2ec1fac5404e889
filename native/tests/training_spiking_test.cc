#include <algorithm>

#include "tests/dual_network.h"
#include "tests/training_settings.h"

// Spiking networks in training: outputs are the simulator's bit for bit, gradients those of the
// network written down anew (dual_network.h).

namespace spiq {

using tests::chained;
using tests::denseNetwork;
using tests::direct;
using tests::drawn;
using tests::drawnConv;
using tests::drawnDense;
using tests::dsqn;
using tests::expectSimulated;
using tests::learning;
using tests::Setting;
using tests::Trainee;

namespace {

constexpr std::size_t kRows = 3;

// Of every parameter all elements, or some of many.
void expectGradients(const Graph& graph, const TrainingOptions& options, unsigned seed) {
  std::mt19937 random = tests::seeded(seed);
  Trainee<double> trainee(graph, options, "", 2);
  const auto size = static_cast<std::size_t>(trainee.pass->inputs());
  const bool given = options.spiking()->encoding == Encoding::Spikes;
  auto observations = tests::drawnReals<double>(kRows * size, 1.5, random);
  if (given) {
    for (double& value : observations) value = std::round(value);
  }
  const std::vector<double> outputs = trainee.forward(observations);
  const auto gradients = tests::drawnReals<double>(outputs.size(), 1, random);
  trainee.backward(gradients);
  const std::size_t width = outputs.size() / kRows;
  const std::size_t each = given ? size / static_cast<std::size_t>(options.spiking()->steps) : size;
  for (const auto& field : trainee.pass->gradients()) {
    const std::size_t stride = std::max<std::size_t>(field.data.size() / 23, 1);
    double largest = 0;
    for (std::size_t at = seed % stride; at < field.data.size(); at += stride) {
      double expected = 0;
      for (std::size_t row = 0; row < kRows; ++row) {
        std::vector<std::vector<double>> inputs;
        for (std::size_t i = row * size; i < (row + 1) * size; i += each) {
          inputs.emplace_back(observations.begin() + static_cast<std::ptrdiff_t>(i),
                              observations.begin() + static_cast<std::ptrdiff_t>(i + each));
        }
        tests::DualNetwork network(graph, options, {field.node, field.field, at});
        const tests::Duals out = network.run(inputs);
        for (std::size_t o = 0; o < width; ++o) {
          EXPECT_NEAR(outputs[row * width + o], out[o].value, 1e-9);
          expected += gradients[row * width + o] * out[o].slope;
        }
      }
      EXPECT_NEAR(field.data[at], expected, 1e-9 * (1 + std::abs(expected)));
      largest = std::max(largest, std::abs(expected));
    }
    // What is 0 throughout would vouch for nothing; but a first spike may come before the first
    // layer has a say in it.
    if (largest == 0 && options.spiking()->decoding != Decoding::FirstSpike)
      throw tests::Failure(field.node + " " + field.field + " has no gradient");
  }
}

void expectAll(const Setting& setting, unsigned seed) {
  const Graph graph = denseNetwork(setting, seed);
  const TrainingOptions options = setting.options();
  expectGradients(graph, options, seed);
  expectSimulated<float>(graph, options, seed);
  expectSimulated<double>(graph, options, seed);
}

const Decoding kFiring[] = {Decoding::Spikes, Decoding::FirstSpike};
const Decoding kPotentials[] = {Decoding::Potential, Decoding::MeanPotential,
                                Decoding::MaxPotential};

}  // namespace

CASE("direct: every reset and leak, weights and biases alone") {
  unsigned seed = 20;
  for (const Reset reset : {Reset::Subtraction, Reset::Zero, Reset::Value}) {
    expectAll(direct(reset), ++seed);
    expectAll(direct(reset, 0.4, 0.85), ++seed);
  }
}

CASE("dsqn: both resets and leaks, weights and biases alone") {
  unsigned seed = 30;
  for (const Reset reset : {Reset::Subtraction, Reset::Zero}) {
    expectAll(dsqn(reset), ++seed);
    expectAll(dsqn(reset, 0.4, 0.85), ++seed);
  }
}

CASE("thresholds, alpha and beta, resets detached and attached") {
  unsigned seed = 40;
  for (const bool attached : {false, true}) {
    for (const bool perChannel : {false, true}) {
      for (const Setting& plain :
           {direct(Reset::Subtraction, 0.3, 0.9), direct(Reset::Zero, 0.3, 0.9),
            direct(Reset::Value, 0.3, 0.9), direct(), dsqn(Reset::Subtraction, 0.3, 0.9),
            dsqn(Reset::Zero, 0.3, 0.9)}) {
        Setting setting = learning(plain, attached);
        setting.perChannel = perChannel;
        expectAll(setting, ++seed);
      }
    }
  }
}

CASE("every surrogate") {
  unsigned seed = 70;
  for (const SurrogateKind kind : {SurrogateKind::FastSigmoid, SurrogateKind::Arctan,
                                   SurrogateKind::Sigmoid, SurrogateKind::Piecewise}) {
    for (const Setting& plain : {direct(), learning(dsqn(Reset::Zero, 0.2, 0.9), true)}) {
      Setting setting = plain;
      setting.training.surrogate.kind = kind;
      expectAll(setting, ++seed);
    }
  }
}

CASE("every decoding, of neurons and of an accumulator") {
  unsigned seed = 80;
  for (const Decoding decoding : kFiring) {
    for (const Setting& plain : {direct(Reset::Subtraction, 0.2, 0.9), dsqn()}) {
      Setting setting = learning(plain, true);
      setting.simulation.decoding = decoding;
      expectAll(setting, ++seed);
    }
  }
  for (const bool accumulates : {false, true}) {
    for (const Decoding decoding : kPotentials) {
      Setting setting = learning(direct(Reset::Zero, 0.2, 0.9));
      setting.simulation.decoding = decoding;
      setting.accumulates = accumulates;
      expectAll(setting, ++seed);
    }
    Setting setting = learning(dsqn());
    setting.accumulates = accumulates;
    expectAll(setting, ++seed);
  }
}

CASE("bursts, negative spikes and refractory steps") {
  unsigned seed = 100;
  for (const bool attached : {false, true}) {
    for (const int burst : {1, 3}) {
      for (const int refractory : {0, 2}) {
        for (const bool ternary : {false, true}) {
          for (const Reset reset : {Reset::Subtraction, Reset::Value}) {
            if (ternary && reset != Reset::Subtraction) continue;
            Setting setting = learning(direct(reset, 0.3, 0.9), attached);
            setting.spec.burst = burst;
            setting.spec.refractory = refractory;
            setting.spec.ternary = ternary;
            setting.perChannel = burst == 3;
            setting.simulation.decoding = Decoding::Spikes;
            expectAll(setting, ++seed);
          }
        }
      }
    }
  }
}

CASE("more steps than the words of a simulator's chunk") {
  for (const std::int64_t steps : {33, 129, 200}) {
    Setting setting = direct(Reset::Subtraction, 0, 0.9);
    setting.simulation.steps = steps;
    expectAll(setting, static_cast<unsigned>(steps));
  }
}

CASE("pools, branches and scales between spikes") {
  std::mt19937 random = tests::seeded(150);
  NeuronNode neuron;
  neuron.spec.threshold = 0.6;
  neuron.spec.beta = 0.9;
  PoolNode maximum;
  maximum.mode = PoolMode::Max;
  maximum.kernel = {2};
  PoolNode average = maximum;
  average.mode = PoolMode::Average;
  Graph graph =
      chained({{"x", InputNode{{3, 11}}},
               {"conv1", drawnConv({18, 3, 4}, 0.4, random)},
               {"n1", neuron},
               {"max", maximum},
               {"conv2", drawnConv({18, 18, 1}, 0.4, random)},
               {"sum", AddNode{}},
               {"n2", neuron},
               {"average", average},
               {"scale", ScaleNode{drawn({18}, 0.4, random, 1), drawn({18}, 0.2, random)}},
               {"n3", neuron},
               {"flat", FlattenNode{}},
               {"join", ConcatNode{}},
               {"fc", drawnDense(3, 18 * 2 + 33, 0.3, random)},
               {"out", AccumulatorNode{}}});
  graph.nodes.push_back({"beside", FlattenNode{}});
  graph.nodes.push_back({"scaled", ScaleNode{drawn({18}, 0.5, random), {}}});
  graph.edges.push_back({"x", "beside"});
  graph.edges.push_back({"beside", "join"});
  graph.edges.push_back({"max", "scaled"});
  graph.edges.push_back({"scaled", "sum"});
  Setting setting = learning(direct());
  setting.simulation.steps = 9;
  for (const bool attached : {false, true}) {
    setting.training.attachedReset = attached;
    expectGradients(graph, setting.options(), 151);
    expectSimulated<float>(graph, setting.options(), 152);
  }
}

CASE("given spikes, of both signs and several at once") {
  Setting setting = learning(direct());
  setting.simulation.encoding = Encoding::Spikes;
  expectGradients(denseNetwork(setting, 160), setting.options(), 160);
  Trainee<float> trainee(denseNetwork(setting, 160), setting.options());
  EXPECT_EQUAL(trainee.pass->inputs(), 4 * setting.simulation.steps);
  std::vector<float> observation(static_cast<std::size_t>(trainee.pass->inputs()), 0.5F);
  float out[3];
  EXPECT_STATUS(trainee.pass->forward({observation.data(), observation.size()}, 1, {}, true, out,
                                      trainee.control),
                Code::Range, "whole numbers");
}

}  // namespace spiq
