// Whole steps of learning without the optimiser: policy and target forward, and the way back, of the networks that
// training is measured with. Arguments: a part of the names (all), threads (2), seconds for each (3).
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <random>
#include <string>

#include "backend/registry.h"
#include "core/learn/training_pass.h"

namespace {

using namespace spiq;
using Clock = std::chrono::steady_clock;

std::mt19937 random_(3);

Tensor drawn(Shape shape) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) count *= size;
  const float bound = std::sqrt(1.0F / static_cast<float>(count / shape[0]));
  std::uniform_real_distribution<float> uniform(-bound, bound);
  Tensor made{std::move(shape), std::vector<float>(static_cast<std::size_t>(count))};
  for (float& value : made.data) value = uniform(random_);
  return made;
}

DenseNode dense(std::int64_t out, std::int64_t in) { return {drawn({out, in}), drawn({out})}; }

ConvNode conv(std::int64_t out, std::int64_t in, std::int64_t kernel, std::int64_t stride) {
  ConvNode node;
  node.weight = drawn({out, in, kernel, kernel});
  node.bias = drawn({out});
  node.stride = {stride, stride};
  return node;
}

Graph chained(const std::vector<NodeBody>& bodies) {
  Graph graph;
  for (const NodeBody& body : bodies) {
    const std::string name = "n" + std::to_string(graph.nodes.size());
    if (!graph.nodes.empty()) graph.edges.push_back({graph.nodes.back().name, name, 0});
    graph.nodes.push_back({name, body});
  }
  graph.outputs = {graph.nodes.back().name};
  return graph;
}

struct Case {
  std::string name;
  Graph graph;
  std::size_t rows;
  int steps;  // 0: a float network
};

std::vector<NodeBody> nature(const NodeBody& unit) {
  return {InputNode{{4, 84, 84}}, conv(32, 4, 8, 4), unit, conv(64, 32, 4, 2), unit, conv(64, 64, 3, 1), unit,
          FlattenNode{}, dense(512, 3136), unit, dense(4, 512)};
}

NeuronNode neuron() {
  NeuronNode node;
  node.spec.threshold = 0.3;
  node.spec.beta = 0.95;
  return node;
}

std::vector<Case> cases() {
  const auto spiking = [](std::vector<NodeBody> bodies) {
    AccumulatorNode end;
    end.beta = 0.95;
    bodies.push_back(end);
    return chained(bodies);
  };
  return {
      {"dqn tiny", chained({InputNode{{4}}, dense(16, 4), ReluNode{}, dense(16, 16), ReluNode{}, dense(2, 16)}), 128, 0},
      {"dqn nature", chained(nature(ReluNode{})), 32, 0},
      {"surrogate tiny", spiking({InputNode{{4}}, dense(17, 4), neuron(), dense(17, 17), neuron(), dense(2, 17)}), 50, 20},
      {"surrogate patel", spiking({InputNode{{6400}}, dense(1000, 6400), neuron(), dense(4, 1000)}), 32, 20},
      {"surrogate nature", spiking(nature(neuron())), 32, 20},
  };
}

double processSeconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

int main(int count, char** arguments) {
  const std::string part = count > 1 ? arguments[1] : "";
  const std::size_t threads = count > 2 ? std::strtoul(arguments[2], nullptr, 10) : 2;
  const double seconds = count > 3 ? std::strtod(arguments[3], nullptr) : 3;
  ThreadPool pool(threads);
  std::printf("%-18s %14s %14s %14s %14s   us, and of the processor\n", "network", "forward", "kept forward", "back", "step");
  for (Case& each : cases()) {
    if (each.name.find(part) == std::string::npos) continue;
    TrainingOptions options;
    if (each.steps > 0) {
      options.simulation = SimulationOptions();
      options.simulation->steps = each.steps;
    }
    auto made = TrainingPass<float>::compile(each.graph, options, *findBackend<float>("cpu", "auto").take());
    if (!made.ok()) return std::puts(made.status().message().c_str()), 1;
    TrainingPass<float>& pass = *made.value();
    Control control{pool, threads};
    std::uniform_real_distribution<float> uniform(0, 1);
    std::vector<float> x(each.rows * static_cast<std::size_t>(pass.inputs()));
    for (float& value : x) value = uniform(random_);
    std::vector<float> out(each.rows * static_cast<std::size_t>(pass.outputs()));
    std::vector<float> gradient(out.size(), 0.01F);
    const View<const float> observations{x.data(), x.size()};
    double least[4] = {1e9, 1e9, 1e9, 1e9};
    double used[4] = {1e9, 1e9, 1e9, 1e9};
    const auto timed = [&](int which, const auto& work) {
      const double before = processSeconds();
      const auto begin = Clock::now();
      const Status status = work();
      if (!status.ok()) std::exit((std::puts(status.message().c_str()), 1));
      least[which] = std::min(least[which], std::chrono::duration<double>(Clock::now() - begin).count());
      used[which] = std::min(used[which], processSeconds() - before);
    };
    const auto start = Clock::now();
    while (std::chrono::duration<double>(Clock::now() - start).count() < seconds) {
      timed(3, [&] {
        timed(0, [&] { return pass.forward(observations, each.rows, {}, false, out.data(), control); });
        timed(1, [&] { return pass.forward(observations, each.rows, {}, true, out.data(), control); });
        pass.parametersChanged();
        timed(2, [&] { return pass.backward({gradient.data(), gradient.size()}, control); });
        return Status();
      });
    }
    std::printf("%-18s", each.name.c_str());
    for (int i = 0; i < 4; ++i) std::printf(" %7.0f %6.0f", least[i] * 1e6, used[i] * 1e6);
    std::printf("\n");
    std::fflush(stdout);
  }
  return 0;
}
