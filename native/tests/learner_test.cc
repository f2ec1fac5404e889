#include "core/learn/learner.h"

#include "tests/training_settings.h"

namespace spiq {
namespace {

using tests::drawnDense;
using tests::drawnReals;

// A layer large enough for its gradients to be made while they are used, from reals or spikes, and
// two that are not.
Graph wide(bool spiking) {
  std::mt19937 random = tests::seeded(61);
  NodeBody middle = ReluNode{};
  NodeBody last = DenseNode{drawnDense(3, 450, 0.1, random)};
  if (spiking) middle = NeuronNode{};
  std::vector<Node> nodes{{"x", InputNode{{20}}}, {"fc1", drawnDense(600, 20, 0.5, random)},
                          {"middle", middle},     {"fc2", drawnDense(450, 600, 0.1, random)},
                          {"after", middle},      {"fc3", last}};
  if (spiking) nodes.push_back({"out", NeuronNode{}});
  return tests::chained(nodes);
}

struct Trainer {
  ThreadPool pool;
  Control control;
  std::unique_ptr<Learner<float>> learner;

  Trainer(bool spiking, std::size_t threads, double clipNorm, Isa isa)
      : pool(threads), control{pool, threads} {
    LearnerOptions options;
    if (spiking) options.training.simulation.emplace().steps = 6;
    options.optimiser.learningRate.from = 1e-3;
    options.optimiser.clipNorm = clipNorm;
    learner = Learner<float>::make(wide(spiking), options,
                                   *findBackend<float>("cpu", isaName(isa)).take())
                  .take();
  }

  Status update(const std::vector<float>& observations, const std::vector<float>& targets) {
    Loss<float> loss;
    loss.targets = {targets.data(), targets.size()};
    return learner
        ->update({observations.data(), observations.size()}, targets.size() / 3, loss, control)
        .status();
  }

  std::vector<float> values() const {
    std::vector<float> all;
    for (const auto& parameter : learner->parameters())
      all.insert(all.end(), parameter.values.data, parameter.values.data + parameter.values.size);
    return all;
  }
};

void checkPieces(bool spiking) {
  std::mt19937 random = tests::seeded(62);
  const auto observations = drawnReals<float>(std::size_t{9} * 20, 1, random);
  const auto targets = drawnReals<float>(27, 1, random);
  // A norm that is never reached, but must be known before anything is moved.
  Trainer whole(spiking, 1, 1e30, Isa::Baseline);
  Trainer one(spiking, 1, INFINITY, availableIsas().back());
  Trainer three(spiking, 3, INFINITY, Isa::Baseline);
  for (int update = 0; update < 3; ++update) {
    for (Trainer* trainer : {&whole, &one, &three})
      EXPECT_TRUE(trainer->update(observations, targets).ok());
    EXPECT_TRUE(whole.values() == one.values());
    EXPECT_TRUE(whole.values() == three.values());
    EXPECT_EQUAL(one.learner->gradientNorm(), three.learner->gradientNorm());
    EXPECT_NEAR(one.learner->gradientNorm(), whole.learner->gradientNorm(),
                1e-6 * whole.learner->gradientNorm());
    EXPECT_TRUE(whole.learner->gradientNorm() > 0);
  }
}

}  // namespace

CASE("learning: gradients made while they are used move values as all together do, float") {
  checkPieces(false);
}
CASE("learning: gradients made while they are used move values as all together do, spiking") {
  checkPieces(true);
}
CASE("learning: gradients that overflow change nothing, in pieces too") {
  std::mt19937 random = tests::seeded(63);
  const auto observations = drawnReals<float>(std::size_t{9} * 20, 1, random);
  std::vector<float> targets(27, 3e38F);
  for (const double clipNorm : {1e30, double{INFINITY}}) {
    Trainer trainer(false, 2, clipNorm, availableIsas().back());
    const std::vector<float> before = trainer.values();
    EXPECT_TRUE(!trainer.update(observations, targets).ok());
    EXPECT_TRUE(trainer.values() == before);
    EXPECT_EQUAL(trainer.learner->updates(), std::uint64_t{0});
  }
}

}  // namespace spiq
