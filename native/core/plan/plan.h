#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/graph/graph.h"
#include "core/plan/linear_data.h"
#include "core/plan/simulation_options.h"

namespace spiq {

// What flows along the edges of a plan: reals that are the same in every step, spikes, or reals
// that change from step to step.
enum class Form : std::uint8_t { Constant, Spikes, Series };

// Spikes of one unit and step: at most this many, of each sign.
struct SpikeRange {
  int positive = 0;
  int negative = 0;
  int planes() const { return positive + negative; }
  bool operator==(const SpikeRange& other) const {
    return positive == other.positive && negative == other.negative;
  }
};

struct Value {
  Form form = Form::Constant;
  Layout layout;
  SpikeRange range;
};

template <class Real>
struct ReluOp {
  AlignedVector<Real> slopes;  // [stride] below 0; empty: zeros
  std::optional<Real> cap;
};

// Sums the sources in their order; delayed ones count from the step `delay` on.
struct AddOp {};

// Units taken from one or several sources: of flatten, reshape, transpose, select, pad, concat,
// upsample, and from the user's order of an observation to the layout.
struct GatherOp {
  struct From {
    std::uint32_t source;
    std::uint32_t index;
    std::uint32_t to;
  };
  std::vector<From> units;
  // All of one source, channel after channel, into positions with their channels side by side;
  // without `units` where no step asks for single ones.
  bool fromUserOrder = false;
};

template <class Real>
struct PoolOp {
  PoolMode mode = PoolMode::Sum;
  bool gated = false;  // a maximum over spikes
  std::int64_t taps = 1;
  std::vector<std::int32_t> sources;  // [position][tap]
  std::vector<Real> factors;          // [position]
};

// What is done to an observation when it is taken in: factor * x, then + offset.
template <class Real>
struct Intake {
  std::vector<Real> factor;  // [value], in the user's order; both empty: nothing
  std::vector<Real> offset;

  void take(const Real* from, std::size_t size, Real* to) const {
    std::copy_n(from, size, to);
    for (std::size_t i = 0; i < factor.size(); ++i) to[i] = factor[i] * from[i] + offset[i];
  }
};

template <class Real>
struct NeuronOp {
  std::string name;
  NeuronParams<Real> params;
  AlignedVector<Real> thresholds;  // [stride], repeated to fill a tile
  AlignedVector<Real> negatives;   // likewise, of the negative spikes of ternary units
  AlignedVector<Real> noBias;      // as many zeros
  AlignedVector<Real> initials;    // [stride], 0 for padding: they stay at 0 and silent
};

template <class Real>
using Body =
    std::variant<LinearData<Real>, NeuronOp<Real>, GatherOp, PoolOp<Real>, AddOp, ReluOp<Real>>;

template <class Real>
struct Operation {
  struct Source {
    std::size_t value = 0;
    std::int64_t delay = 0;
  };
  Body<Real> body;
  std::vector<Source> sources;
  std::size_t to = 0;  // the value that it makes
  // A linear operation whose sums go straight into the neurons of the next one.
  bool fused = false;
  std::string name;  // of the node

  template <class B>
  const B* as() const {
    return std::get_if<B>(&body);
  }
  template <class B>
  B* as() {
    return std::get_if<B>(&body);
  }
};

// A graph compiled for a run: operations in order, each making one value.
template <class Real>
struct Plan {
  std::vector<Value> values;
  std::vector<Operation<Real>> operations;
  std::size_t input = 0;  // an observation as the user gives it, prepared
  Intake<Real> intake;
  std::size_t output = 0;
  std::vector<std::size_t> activations;  // the values behind ReLUs, and the output last
  bool hasWeights = false;
  std::vector<std::size_t> neurons;  // operations with neurons
  std::size_t outputNeuron = 0;      // in `neurons`, of a spiking plan
  std::int64_t minDelay = 0;         // 0: no delayed edges

  const Layout& layoutOf(std::size_t value) const { return values[value].layout; }
  std::int64_t inputs() const { return layoutOf(input).units(); }
  std::int64_t outputs() const { return layoutOf(output).units(); }
  const NeuronOp<Real>& neuron(std::size_t index) const {
    return *operations[neurons[index]].template as<NeuronOp<Real>>();
  }
};

template <class Real>
std::size_t weightBytes(const Plan<Real>& plan) {
  std::size_t bytes = 0;
  for (const auto& operation : plan.operations) {
    if (const auto* linear = operation.template as<LinearData<Real>>()) bytes += linear->bytes();
  }
  return bytes;
}

// For the float forward pass: everything is Constant, neurons are refused.
template <class Real>
Result<Plan<Real>> compileFloat(const Graph& graph);

// For simulation: `graph` has neurons, and no ReLUs.
template <class Real>
Result<Plan<Real>> compileSpikes(const Graph& graph, const SimulationOptions& options);

}  // namespace spiq
