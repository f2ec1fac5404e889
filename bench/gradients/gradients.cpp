// What the gradients of a layer cost, beside its forward product: GFLOP/s (a multiply-add is two) on one thread and on
// two, for the layers of the networks that training is measured with. Spikes: as if every input had counted.
// Arguments: an instruction set (the best one), a part of the layers' names (all).
#include <algorithm>
#include <chrono>
#include <ctime>
#include <cstdio>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "backend/registry.h"
#include "base/thread_pool.h"
#include "core/learn/transposed_linear.h"
#include "core/plan/linear_data.h"

namespace {

using namespace spiq;
using Clock = std::chrono::steady_clock;

constexpr double kTurnSeconds = 0.25;

struct Case {
  const char* name;
  std::int64_t in, out, kernel, stride, side;  // side 0: fully connected
  std::int64_t rows, steps;
  double activity;  // of spikes in the input; 0: reals
  bool first;       // no gradient of the input is asked for, and its positions lie side by side
};

const Case kCases[] = {
    {"nature conv1", 4, 32, 8, 4, 84, 32, 1, 0, true},
    {"nature conv2", 32, 64, 4, 2, 20, 32, 1, 0, false},
    {"nature conv3", 64, 64, 3, 1, 9, 32, 1, 0, false},
    {"nature fc1", 3136, 512, 1, 1, 0, 32, 1, 0, false},
    {"nature fc2", 512, 4, 1, 1, 0, 32, 1, 0, false},
    {"nature conv2, 20 steps", 32, 64, 4, 2, 20, 32, 20, 0.1, false},
    {"nature conv3, 20 steps", 64, 64, 3, 1, 9, 32, 20, 0.06, false},
    {"nature fc1, 20 steps", 3136, 512, 1, 1, 0, 32, 20, 0.04, false},
    {"nature fc2, 20 steps", 512, 4, 1, 1, 0, 32, 20, 0.04, false},
    {"patel 1", 6400, 1000, 1, 1, 0, 32, 1, 0, true},
    {"patel 2, 20 steps", 1000, 4, 1, 1, 0, 32, 20, 0.1, false},
    {"tiny 4-16", 4, 16, 1, 1, 0, 128, 1, 0, false},
    {"tiny 16-16", 16, 16, 1, 1, 0, 128, 1, 0, false},
    {"tiny 16-2", 16, 2, 1, 1, 0, 128, 1, 0, false},
    {"tiny 17-17, 20 steps", 17, 17, 1, 1, 0, 50, 20, 0.1, false},
    {"tiny 17-2, 20 steps", 17, 2, 1, 1, 0, 50, 20, 0.1, false},
};

struct Problem {
  const Case& sizes;
  LinearData<float> layer;
  std::vector<float> in, out, outGradient, inGradient, gradient;
  AlignedVector<float> aligned[5];
  std::vector<std::uint32_t> masks;

  static LinearData<float> make(const Case& sizes, std::mt19937& random) {
    std::normal_distribution<float> normal(0, 0.1F);
    const auto draw = [&](Tensor& tensor) {
      std::int64_t count = 1;
      for (const std::int64_t size : tensor.shape) count *= size;
      tensor.data.resize(static_cast<std::size_t>(count));
      for (float& value : tensor.data) value = normal(random);
    };
    if (sizes.side == 0) {
      DenseNode node;
      node.weight.shape = {sizes.out, sizes.in};
      draw(node.weight);
      return LinearData<float>(node);
    }
    ConvNode node;
    node.weight.shape = {sizes.out, sizes.in, sizes.kernel, sizes.kernel};
    node.stride = {sizes.stride, sizes.stride};
    draw(node.weight);
    const Shape in{sizes.in, sizes.side, sizes.side};
    return LinearData<float>(node, in, node.outputShape(in, "conv").value());
  }

  Problem(const Case& which, std::mt19937& random) : sizes(which), layer(make(which, random)) {
    if (which.first && which.side > 0) layer.tightenInput();
    const auto samples = static_cast<std::size_t>(which.rows * which.steps);
    const auto inSize = static_cast<std::size_t>(layer.in().size());
    const auto outSize = static_cast<std::size_t>(layer.out().size());
    std::normal_distribution<float> normal(0, 1);
    aligned[0].resize(samples * inSize);
    aligned[1].resize(samples * outSize);
    aligned[2].resize(samples * outSize);
    aligned[3].resize(samples * inSize);
    aligned[4].resize(layer.weights().size());
    for (std::size_t i = 0; i < aligned[0].size(); ++i)
      if (static_cast<std::int64_t>(i) % layer.in().stride < layer.in().channels) aligned[0][i] = normal(random);
    for (std::size_t i = 0; i < aligned[2].size(); ++i)
      if (static_cast<std::int64_t>(i) % layer.out().stride < layer.out().channels) aligned[2][i] = normal(random);
    if (which.activity == 0) return;
    // Units differ in how often they fire, as they do in networks.
    std::uniform_real_distribution<double> uniform(0, 1);
    masks.resize(static_cast<std::size_t>(which.rows) * inSize);
    for (std::size_t i = 0; i < masks.size(); ++i) {
      const double rate = 3 * which.activity * uniform(random) * uniform(random) * 4 / 3;
      for (int step = 0; step < which.steps; ++step) {
        const bool fired = static_cast<std::int64_t>(i) % layer.in().stride < layer.in().channels &&
                           uniform(random) < rate;
        masks[i] |= static_cast<std::uint32_t>(fired) << step;
      }
    }
    for (std::size_t i = 0; i < aligned[0].size(); ++i) {
      const std::size_t row = i / inSize / static_cast<std::size_t>(which.steps);
      const std::size_t step = i / inSize % static_cast<std::size_t>(which.steps);
      aligned[0][i] = static_cast<float>(masks[row * inSize + i % inSize] >> step & 1U);
    }
  }
  double flop() const {
    return 2.0 * static_cast<double>(sizes.rows * sizes.steps * layer.out().positions * sizes.out *
                                     layer.view().taps * sizes.in);
  }
  Extent extent() const {
    return {sizes.rows, layer.out().positions, sizes.steps, layer.sources(0), true};
  }
  Batch<const float> input() const {
    return {aligned[0].data(), sizes.steps * layer.in().size(), layer.in().size()};
  }
  Batch<const float> outputGradient() const {
    return {aligned[2].data(), sizes.steps * layer.out().size(), layer.out().size()};
  }
  SpikeBatch spikes() const {
    return {masks.data(), layer.in().size(), 0, 0, 1, 1};
  }
};

struct Work {
  const char* name;
  std::size_t tasks;
  std::function<void(std::size_t, std::size_t)> task;
};

std::vector<Work> worksOf(const Backend<float>& backend, Problem& p, TransposedLinear<float>* transposed) {
  static std::vector<std::vector<Column<float>>> columns;
  columns.assign(2, {});
  const LinearView<float> view = p.layer.view();
  std::vector<Work> works;
  const std::int64_t cells = p.sizes.rows * p.sizes.steps * p.layer.out().positions;
  const std::int64_t each = p.layer.out().positions == 1 ? cells : 6;
  const std::int64_t blocks = (cells + each - 1) / each;
  works.push_back({"forward", static_cast<std::size_t>(p.layer.out().tiles() * blocks),
                   [&backend, &p, view, each, cells, blocks](std::size_t task, std::size_t worker) {
                     const auto t = static_cast<std::int64_t>(task);
                     const std::int64_t positions = p.layer.out().positions;
                     const std::int64_t first = t % blocks * each;
                     const std::int64_t last = std::min(cells, first + each);
                     auto& list = columns[worker];
                     list.resize(static_cast<std::size_t>(last - first));
                     Column<float>* column = list.data();
                     std::int64_t position = first % positions;
                     const float* from = p.aligned[0].data() + first / positions * p.layer.in().size();
                     for (std::int64_t c = first; c < last; ++c) {
                       *column++ = {from, p.layer.sources(position), p.aligned[1].data() + c * p.layer.out().stride,
                                    true};
                       if (++position < positions) continue;
                       position = 0;
                       from += p.layer.in().size();
                     }
                     backend.project(view, t / blocks, list.data(), list.size());
                   }});
  const std::int64_t rows = view.taps * view.channels;
  const std::int64_t portion = 192;
  const std::int64_t portions = (rows + portion - 1) / portion;
  const auto pieces = static_cast<std::size_t>(p.layer.out().tiles() * portions);
  const auto piece = [rows, portion, portions](std::size_t task) {
    const auto t = static_cast<std::int64_t>(task);
    return WeightRows{t % portions * portion, std::min(rows, (t % portions + 1) * portion)};
  };
  works.push_back({"weights", pieces, [=, &backend, &p](std::size_t task, std::size_t) {
                     backend.weightGradient(view, static_cast<std::int64_t>(task) / portions, piece(task),
                                            p.extent(), p.input(), p.outputGradient(), false, p.aligned[4].data());
                   }});
  if (p.sizes.activity > 0) {
    works.push_back({"spikes", pieces, [=, &backend, &p](std::size_t task, std::size_t) {
                       backend.spikeGradient(view, static_cast<std::int64_t>(task) / portions, piece(task),
                                             p.extent(), p.spikes(), p.outputGradient(), false, p.aligned[4].data());
                     }});
  }
  works.push_back({"bias", 1, [&backend, &p, view](std::size_t, std::size_t) {
                     backend.biasGradient(view.outPadded, 0, view.outPadded, p.extent(), p.outputGradient(), false,
                                          p.aligned[1].data());
                   }});
  if (transposed != nullptr) {
    works.push_back({"copy", transposed->parts(),
                     [transposed](std::size_t task, std::size_t) { transposed->copyWeights(task); }});
    transposed->start(p.sizes.rows, p.sizes.steps, p.outputGradient(),
                      {p.aligned[3].data(), p.sizes.steps * p.layer.in().size(), p.layer.in().size()});
    works.push_back({"inputs", transposed->tasks(), [&backend, transposed](std::size_t task, std::size_t worker) {
                       transposed->run(backend, task, columns[worker]);
                     }});
  }
  return works;
}

// Of one thread what it had of the processor, as others may want it too.
double secondsOfThread() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

double secondsOf(ThreadPool& pool, std::size_t threads, const Work& work) {
  if (threads == 1) {
    const double begin = secondsOfThread();
    for (std::size_t i = 0; i < work.tasks; ++i) work.task(i, 0);
    return secondsOfThread() - begin;
  }
  const auto begin = Clock::now();
  pool.run(work.tasks, threads, work.task);
  return std::chrono::duration<double>(Clock::now() - begin).count();
}

}  // namespace

int main(int count, char** arguments) {
  const char* isa = count > 1 ? arguments[1] : "auto";
  const std::string part = count > 2 ? arguments[2] : "";
  auto found = findBackend<float>("cpu", isa);
  if (!found.ok()) return std::puts(found.status().message().c_str()), 1;
  const Backend<float>& backend = *found.take();
  ThreadPool pool(2);
  std::mt19937 random(5);
  std::printf("%-24s %-8s %12s %12s %12s %12s\n", "layer", "work", "us, 1 thread", "us, 2", "GFLOP/s, 1", "2");
  for (const Case& sizes : kCases) {
    if (std::string(sizes.name).find(part) == std::string::npos) continue;
    Problem problem(sizes, random);
    std::unique_ptr<TransposedLinear<float>> transposed;
    if (!sizes.first) transposed = std::make_unique<TransposedLinear<float>>(problem.layer);
    const std::vector<Work> works = worksOf(backend, problem, transposed.get());
    std::vector<double> least(2 * works.size(), 1e9);
    for (const auto start = Clock::now();
         std::chrono::duration<double>(Clock::now() - start).count() < kTurnSeconds * static_cast<double>(works.size());) {
      for (std::size_t i = 0; i < works.size(); ++i) {
        for (std::size_t threads = 1; threads <= 2; ++threads) {
          double& mine = least[2 * i + threads - 1];
          mine = std::min(mine, secondsOf(pool, threads, works[i]));
        }
      }
    }
    for (std::size_t i = 0; i < works.size(); ++i) {
      std::printf("%-24s %-8s %12.1f %12.1f %12.1f %12.1f\n", sizes.name, works[i].name, least[2 * i] * 1e6,
                  least[2 * i + 1] * 1e6, problem.flop() / least[2 * i] * 1e-9, problem.flop() / least[2 * i + 1] * 1e-9);
    }
    std::fflush(stdout);
  }
  return 0;
}
