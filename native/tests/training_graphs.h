#pragma once

#include <random>
#include <vector>

#include "backend/registry.h"
#include "base/isa.h"
#include "core/learn/training_pass.h"
#include "tests/check.h"
#include "tests/numbers.h"
#include "tests/sample_graphs.h"

// Networks of random weights, and their training passes.

namespace spiq::tests {

inline double uniform(std::mt19937& random) {
  return random() * 0x1p-31 - 1.0;
}

inline Tensor drawn(const Shape& shape, double scale, std::mt19937& random, double middle = 0) {
  Tensor made = ramp(shape, 0, 0);
  for (float& value : made.data) value = static_cast<float>(middle + scale * uniform(random));
  return made;
}

inline DenseNode drawnDense(std::int64_t out, std::int64_t in, double scale, std::mt19937& random,
                            bool bias = true) {
  DenseNode node{drawn({out, in}, scale, random), {}};
  if (bias) node.bias = drawn({out}, 0.25, random);
  return node;
}

inline ConvNode drawnConv(const Shape& weight, double scale, std::mt19937& random) {
  ConvNode node;
  node.weight = drawn(weight, scale, random);
  node.bias = drawn({weight[0]}, 0.25, random);
  return node;
}

// A pass with its threads.
template <class Real>
struct Trainee {
  std::unique_ptr<TrainingPass<Real>> pass;
  ThreadPool pool;
  Control control;

  Trainee(const Graph& graph, const TrainingOptions& options, const std::string& isa = "",
          std::size_t threads = 1)
      : pool(threads), control{pool, threads} {
    const auto backend =
        findBackend<Real>("cpu", isa.empty() ? isaName(availableIsas().back()) : isa);
    auto made = TrainingPass<Real>::compile(graph, options, *backend.value());
    if (!made.ok()) throw Failure(made.status().message());
    pass = made.take();
  }

  std::vector<Real> forward(const std::vector<Real>& observations, bool keep = true,
                            const TrainingDraw& draw = {}) {
    const std::size_t rows = observations.size() / static_cast<std::size_t>(pass->inputs());
    std::vector<Real> out(rows * static_cast<std::size_t>(pass->outputs()));
    const Status status = pass->forward({observations.data(), observations.size()}, rows, draw,
                                        keep, out.data(), control);
    if (!status.ok()) throw Failure(status.message());
    return out;
  }
  void backward(const std::vector<Real>& gradients) {
    const Status status = pass->backward({gradients.data(), gradients.size()}, control);
    if (!status.ok()) throw Failure(status.message());
  }
};

template <class Real>
std::vector<Real> drawnReals(std::size_t count, double scale, std::mt19937& random) {
  std::vector<Real> all(count);
  for (Real& value : all) value = static_cast<Real>(scale * uniform(random));
  return all;
}

}  // namespace spiq::tests
