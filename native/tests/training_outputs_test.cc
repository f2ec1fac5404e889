#include <algorithm>

#include "tests/training_settings.h"

// What comes out of spiking networks in training, and what is refused.

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
using tests::simulated;
using tests::Trainee;

// On any threads and instruction set, from the gradients of the outputs.
static void expectSameGradients(const Graph& graph, const TrainingOptions& options,
                                const std::vector<float>& observations,
                                const std::vector<float>& outputs) {
  std::vector<NamedValues<float>> first;
  for (const Isa isa : availableIsas()) {
    for (const std::size_t threads : {1, 2, 3}) {
      Trainee<float> trainee(graph, options, isaName(isa), threads);
      trainee.forward(observations);
      trainee.backward(outputs);
      const auto gradients = trainee.pass->gradients();
      if (first.empty()) first = gradients;
      for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_TRUE(gradients[i].data == first[i].data);
    }
  }
}

CASE("every encoding gives the simulator's outputs; two input neurons and a bias observation too") {
  unsigned seed = 170;
  for (const Setting& plain : {direct(), dsqn()}) {
    for (const Encoding encoding :
         {Encoding::Constant, Encoding::Poisson, Encoding::Equidistant, Encoding::Latency}) {
      if (encoding == Encoding::Latency && plain.simulation.semantics == Semantics::Dsqn) continue;
      for (const bool two : {false, true}) {
        for (const bool bias : {false, true}) {
          Setting setting = plain;
          setting.simulation.steps = 40;
          setting.simulation.encoding = encoding;
          setting.simulation.twoInputNeurons = two;
          setting.simulation.biasAsObservation = bias;
          const Graph graph = denseNetwork(setting, ++seed);
          expectSimulated<float>(graph, setting.options(), seed);
          expectSimulated<double>(graph, setting.options(), seed);
        }
      }
    }
  }
}

// The same network written with the doubled matrix.
CASE("two input neurons: gradients of the doubled matrix fold back") {
  Setting setting = direct();
  setting.simulation.twoInputNeurons = setting.simulation.biasAsObservation = true;
  const Graph graph = denseNetwork(setting, 180);
  Graph doubled = graph;
  doubled.nodes[0].body = InputNode{{7}};
  const Tensor given = graph.nodes[1].as<DenseNode>()->weight;
  Tensor& both = std::get<DenseNode>(doubled.nodes[1].body).weight;
  both = tests::ramp({19, 7}, 0, 0);
  for (std::size_t o = 0; o < 19; ++o) {
    for (std::size_t i = 0; i < 3; ++i) {
      both.data[o * 7 + i] = given.data[o * 4 + i];
      both.data[o * 7 + 3 + i] = -given.data[o * 4 + i];
    }
    both.data[o * 7 + 6] = given.data[o * 4 + 3];
  }
  const std::vector<double> observation{0.5, -1.2, 0.8};
  const std::vector<double> split{0.5, 0, 0.8, 0, 1.2, 0, 1};
  const std::vector<double> gradients{1, -2, 0.5};
  Trainee<double> folded(graph, setting.options());
  const auto outputs = folded.forward(observation);
  folded.backward(gradients);
  setting.simulation.twoInputNeurons = setting.simulation.biasAsObservation = false;
  Trainee<double> whole(doubled, setting.options());
  EXPECT_TRUE(whole.forward(split) == outputs);
  whole.backward(gradients);
  const std::vector<double> own = folded.pass->gradients()[0].data;
  const std::vector<double> all = whole.pass->gradients()[0].data;
  for (std::size_t o = 0; o < 19; ++o) {
    for (std::size_t i = 0; i < 3; ++i)
      EXPECT_EQUAL(own[o * 4 + i], all[o * 7 + i] - all[o * 7 + 3 + i]);
    EXPECT_EQUAL(own[o * 4 + 3], all[o * 7 + 6]);
  }
  // What is changed reaches both halves.
  for (const auto& parameter : folded.pass->parameters()) {
    for (std::size_t i = 0; i < parameter.values.size; ++i) parameter.values[i] *= 0.5;
  }
  folded.pass->parametersChanged();
  setting.simulation.twoInputNeurons = setting.simulation.biasAsObservation = true;
  Trainee<double> again(folded.pass->graph(), setting.options());
  EXPECT_TRUE(again.forward(observation) == folded.forward(observation));
}

CASE("thresholds and decays that were changed are what the simulator computes with") {
  for (const bool perChannel : {false, true}) {
    Setting setting = learning(direct(Reset::Subtraction, 0.3, 0.9));
    setting.perChannel = perChannel;
    setting.spec.ternary = true;
    setting.simulation.decoding = Decoding::Spikes;
    Trainee<float> trainee(denseNetwork(setting, 190), setting.options());
    for (const auto& parameter : trainee.pass->parameters()) {
      for (std::size_t i = 0; i < parameter.values.size; ++i) parameter.values[i] *= 0.9F;
    }
    trainee.pass->parametersChanged();
    const std::vector<float> observations{1, -0.5F, 0.7F, 1.3F};
    const auto outputs = trainee.forward(observations);
    EXPECT_TRUE(outputs == simulated(trainee.pass->graph(), setting.simulation, observations, 0));
  }
}

CASE("a row without a spike has outputs and gradients of 0 with decoding 'first_spike'") {
  Setting setting = direct();
  setting.simulation.decoding = Decoding::FirstSpike;
  setting.spec.threshold = 1000;
  Trainee<float> trainee(denseNetwork(setting, 200), setting.options());
  EXPECT_EQUAL(trainee.forward({1, 1, 1, 1}), (std::vector<float>{0, 0, 0}));
  trainee.backward({1, 1, 1});
  for (const auto& field : trainee.pass->gradients())
    EXPECT_TRUE(std::all_of(field.data.begin(), field.data.end(), [](float g) { return g == 0; }));
}

CASE("gradients of float networks are the same bits on any threads and instruction set") {
  std::mt19937 random = tests::seeded(15);
  ConvNode conv = drawnConv({70, 3, 3, 3}, 0.3, random);
  conv.padding = {1, 1, 1, 1};
  const Graph graph = chained({{"x", InputNode{{3, 9, 9}}},
                               {"conv1", conv},
                               {"relu1", ReluNode{}},
                               {"conv2", drawnConv({33, 70, 4, 4}, 0.1, random)},
                               {"relu2", ReluNode{}},
                               {"flat", FlattenNode{}},
                               {"fc", drawnDense(90, 1188, 0.1, random)}});
  const auto observations = tests::drawnReals<float>(std::size_t{9} * 3 * 81, 1, random);
  const auto outputs = tests::drawnReals<float>(std::size_t{9} * 90, 1, random);
  expectSameGradients(graph, {}, observations, outputs);
}

CASE("gradients of spiking networks are the same bits on any threads and instruction set") {
  std::mt19937 random = tests::seeded(210);
  NeuronNode neuron;
  neuron.thresholds = drawn({40}, 0.2, random, 0.8);
  const Graph graph = chained({{"x", InputNode{{3, 12, 12}}},
                               {"conv1", drawnConv({40, 3, 3, 3}, 0.3, random)},
                               {"n1", neuron},
                               {"conv2", drawnConv({70, 40, 4, 4}, 0.05, random)},
                               {"n2", NeuronNode{}},
                               {"flat", FlattenNode{}},
                               {"fc", drawnDense(90, 3430, 0.02, random)},
                               {"out", NeuronNode{}}});
  Setting setting = learning(direct());
  setting.simulation.steps = 10;
  const auto observations = tests::drawnReals<float>(std::size_t{4} * 3 * 144, 1, random);
  const auto outputs = tests::drawnReals<float>(std::size_t{4} * 90, 1, random);
  expectSameGradients(graph, setting.options(), observations, outputs);
}

CASE("what cannot be trained is refused") {
  const auto& backend = *findBackend<float>("cpu", "baseline").take();
  const auto status = [&](const Graph& graph, const TrainingOptions& options) {
    return TrainingPass<float>::compile(graph, options, backend).status();
  };
  Setting setting = learning(direct());
  const Graph graph = denseNetwork(setting, 220);
  TrainingOptions options = setting.options();
  options.surrogate.slope = 0;
  EXPECT_STATUS(status(graph, options), Code::Range, "surrogate slope");
  Setting leaking = setting;
  leaking.simulation.beta = 0.5;
  options = leaking.options();
  EXPECT_STATUS(status(graph, options), Code::Argument, "option beta");
  Graph recurrent = chained({{"x", InputNode{{2}}},
                             {"sum", AddNode{}},
                             {"n1", NeuronNode{}},
                             {"fc", tests::dense(2, 2, {1, 2, 3, 4})},
                             {"n2", NeuronNode{}}});
  recurrent.edges.push_back({"n1", "sum", 1});
  EXPECT_STATUS(status(recurrent, setting.options()), Code::Unsupported, "delayed edges");
  EXPECT_STATUS(status(graph, {}), Code::Unsupported, "a float network");
}

}  // namespace spiq
