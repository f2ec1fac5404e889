#include <algorithm>

#include "core/sim/simulate.h"
#include "tests/dual_network.h"
#include "tests/training_graphs.h"

// Spiking networks in training: outputs are the simulator's bit for bit, gradients those of the
// network written down anew (dual_network.h).

namespace spiq {

using tests::chained;
using tests::drawn;
using tests::drawnConv;
using tests::drawnDense;
using tests::Trainee;

namespace {

constexpr std::size_t kRows = 3;

struct Setting {
  NeuronSpec spec;
  TrainingOptions training;
  SimulationOptions simulation;
  bool perChannel = false;
  bool accumulates = false;  // the output

  TrainingOptions options() const {
    TrainingOptions all = training;
    all.simulation = simulation;
    all.surrogate.slope = 2.5;
    return all;
  }
};

Setting direct(Reset reset = Reset::Subtraction, double alpha = 0, double beta = 1) {
  Setting setting;
  setting.simulation.steps = 12;
  setting.spec.reset = reset;
  if (reset == Reset::Value) setting.spec.resetValue = -0.2;
  setting.spec.alpha = alpha;
  setting.spec.beta = beta;
  setting.spec.threshold = 0.7;
  return setting;
}

Setting dsqn(Reset reset = Reset::Subtraction, double alpha = 0, double beta = 1) {
  Setting setting = direct(reset, alpha, beta);
  setting.simulation.semantics = Semantics::Dsqn;
  return setting;
}

Graph dense(const Setting& setting, unsigned seed) {
  std::mt19937 random = tests::seeded(seed);
  NeuronNode neuron;
  neuron.spec = setting.spec;
  NeuronNode first = neuron;
  if (setting.perChannel) {
    first.thresholds = drawn({19}, 0.2, random, 0.8);
    first.initials = drawn({19}, 0.3, random);
    if (setting.spec.ternary) first.negatives = drawn({19}, 0.2, random, 1.2);
  }
  const NodeBody output = setting.accumulates
                              ? NodeBody(AccumulatorNode{setting.spec.alpha, setting.spec.beta})
                              : NodeBody(neuron);
  return chained({{"x", InputNode{{4}}},
                  {"fc1", drawnDense(19, 4, 0.7, random)},
                  {"n1", first},
                  {"fc2", drawnDense(7, 19, 0.5, random, false)},
                  {"n2", neuron},
                  {"fc3", drawnDense(3, 7, 0.8, random)},
                  {"n3", output}});
}

template <class Real>
std::vector<Real> simulated(const Graph& graph, const SimulationOptions& options,
                            const std::vector<Real>& observations, std::uint64_t seed) {
  const auto simulation =
      Simulation<Real>::make(graph, options, *findBackend<Real>("cpu", "baseline").take()).take();
  SimulationInput<Real> input;
  input.observations = {observations.data(), observations.size()};
  input.rows = observations.size() / static_cast<std::size_t>(simulation->observationSize());
  input.seed = seed;
  input.firstObservation = 5;
  ThreadPool pool(1);
  Control control{pool, 1};
  return simulation->run(input, {}, control).take().out;
}

template <class Real>
void expectSimulated(const Graph& graph, const TrainingOptions& options, unsigned seed) {
  std::mt19937 random = tests::seeded(seed);
  Trainee<Real> trainee(graph, options, "", 2);
  const auto observations =
      tests::drawnReals<Real>(5 * static_cast<std::size_t>(trainee.pass->inputs()), 1.5, random);
  std::vector<Real> expected = simulated(graph, *options.simulation, observations, seed);
  for (Real& value : expected) {
    if (std::isnan(value)) value = Real{0};
  }
  for (const bool keep : {true, false})
    EXPECT_TRUE(trainee.forward(observations, keep, {seed, 5}) == expected);
}

// Of every parameter all elements, or some of many.
void expectGradients(const Graph& graph, const TrainingOptions& options, unsigned seed) {
  std::mt19937 random = tests::seeded(seed);
  Trainee<double> trainee(graph, options, "", 2);
  const auto size = static_cast<std::size_t>(trainee.pass->inputs());
  const bool given = options.simulation->encoding == Encoding::Spikes;
  auto observations = tests::drawnReals<double>(kRows * size, 1.5, random);
  if (given) {
    for (double& value : observations) value = std::round(value);
  }
  const std::vector<double> outputs = trainee.forward(observations);
  const auto gradients = tests::drawnReals<double>(outputs.size(), 1, random);
  trainee.backward(gradients);
  const std::size_t width = outputs.size() / kRows;
  const std::size_t each =
      given ? size / static_cast<std::size_t>(options.simulation->steps) : size;
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
    if (largest == 0 && options.simulation->decoding != Decoding::FirstSpike)
      throw tests::Failure(field.node + " " + field.field + " has no gradient");
  }
}

void expectAll(const Setting& setting, unsigned seed) {
  const Graph graph = dense(setting, seed);
  const TrainingOptions options = setting.options();
  expectGradients(graph, options, seed);
  expectSimulated<float>(graph, options, seed);
  expectSimulated<double>(graph, options, seed);
}

Setting training(Setting setting, bool attached = false) {
  setting.training.thresholds = true;
  setting.training.alpha = setting.training.beta = true;
  setting.training.attachedReset = attached;
  return setting;
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
        Setting setting = training(plain, attached);
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
    for (const Setting& plain : {direct(), training(dsqn(Reset::Zero, 0.2, 0.9), true)}) {
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
      Setting setting = training(plain, true);
      setting.simulation.decoding = decoding;
      expectAll(setting, ++seed);
    }
  }
  for (const bool accumulates : {false, true}) {
    for (const Decoding decoding : kPotentials) {
      Setting setting = training(direct(Reset::Zero, 0.2, 0.9));
      setting.simulation.decoding = decoding;
      setting.accumulates = accumulates;
      expectAll(setting, ++seed);
    }
    Setting setting = training(dsqn());
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
            Setting setting = training(direct(reset, 0.3, 0.9), attached);
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
  Setting setting = training(direct());
  setting.simulation.steps = 9;
  for (const bool attached : {false, true}) {
    setting.training.attachedReset = attached;
    expectGradients(graph, setting.options(), 151);
    expectSimulated<float>(graph, setting.options(), 152);
  }
}

CASE("given spikes, of both signs and several at once") {
  Setting setting = training(direct());
  setting.simulation.encoding = Encoding::Spikes;
  expectGradients(dense(setting, 160), setting.options(), 160);
  Trainee<float> trainee(dense(setting, 160), setting.options());
  EXPECT_EQUAL(trainee.pass->inputs(), 4 * setting.simulation.steps);
  std::vector<float> observation(static_cast<std::size_t>(trainee.pass->inputs()), 0.5F);
  float out[3];
  EXPECT_STATUS(trainee.pass->forward({observation.data(), observation.size()}, 1, {}, true, out,
                                      trainee.control),
                Code::Range, "whole numbers");
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
          const Graph graph = dense(setting, ++seed);
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
  const Graph graph = dense(setting, 180);
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
    Setting setting = training(direct(Reset::Subtraction, 0.3, 0.9));
    setting.perChannel = perChannel;
    setting.spec.ternary = true;
    setting.simulation.decoding = Decoding::Spikes;
    Trainee<float> trainee(dense(setting, 190), setting.options());
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
  Trainee<float> trainee(dense(setting, 200), setting.options());
  EXPECT_EQUAL(trainee.forward({1, 1, 1, 1}), (std::vector<float>{0, 0, 0}));
  trainee.backward({1, 1, 1});
  for (const auto& field : trainee.pass->gradients())
    EXPECT_TRUE(std::all_of(field.data.begin(), field.data.end(), [](float g) { return g == 0; }));
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
                               {"fc", drawnDense(90, 70 * 49, 0.02, random)},
                               {"out", NeuronNode{}}});
  Setting setting = training(direct());
  setting.simulation.steps = 10;
  const auto observations = tests::drawnReals<float>(std::size_t{4} * 3 * 144, 1, random);
  const auto outputs = tests::drawnReals<float>(std::size_t{4} * 90, 1, random);
  std::vector<NamedValues<float>> first;
  for (const Isa isa : availableIsas()) {
    for (const std::size_t threads : {1, 2, 3}) {
      Trainee<float> trainee(graph, setting.options(), isaName(isa), threads);
      trainee.forward(observations);
      trainee.backward(outputs);
      const auto gradients = trainee.pass->gradients();
      if (first.empty()) first = gradients;
      for (std::size_t i = 0; i < first.size(); ++i)
        EXPECT_TRUE(gradients[i].data == first[i].data);
    }
  }
}

CASE("what cannot be trained is refused") {
  const auto& backend = *findBackend<float>("cpu", "baseline").take();
  const auto status = [&](const Graph& graph, const TrainingOptions& options) {
    return TrainingPass<float>::compile(graph, options, backend).status();
  };
  Setting setting = training(direct());
  const Graph graph = dense(setting, 220);
  TrainingOptions options = setting.options();
  options.surrogate.slope = 0;
  EXPECT_STATUS(status(graph, options), Code::Range, "surrogate slope");
  options = setting.options();
  options.simulation->beta = 0.5;
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
