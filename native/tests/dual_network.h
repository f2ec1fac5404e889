#pragma once

#include <cmath>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/graph/graph.h"
#include "core/learn/training_options.h"
#include "tests/dual.h"

// A spiking network written down anew in the user's order, unit by unit and step by step, in
// numbers that carry a derivative along: forwards, so that nothing of the way back is repeated.

namespace spiq::tests {

// The element of a node's field by which is derived.
struct Direction {
  std::string node;
  std::string field;
  std::size_t element = 0;
};

class DualNetwork {
 public:
  DualNetwork(Graph graph, TrainingOptions options, Direction direction)
      : graph_(std::move(graph)),
        arranged_(arrange(graph_).take()),
        options_(std::move(options)),
        simulation_(*options_.spiking()),
        direction_(std::move(direction)) {}

  // Of one observation; inputs[step] where they change from step to step.
  Duals run(const std::vector<std::vector<double>>& inputs) {
    const std::size_t last = arranged_.output;
    const auto width = static_cast<std::size_t>(arranged_.outputSize());
    Duals out(width, constant(0));
    bool ended = false;
    for (std::int64_t t = 0; t < simulation_.steps && !ended; ++t) {
      const auto& input = inputs[inputs.size() == 1 ? 0 : static_cast<std::size_t>(t)];
      step(input);
      const Duals& potentials = states_[last].potential;
      switch (simulation_.decoding) {
        case Decoding::Potential:
          out = potentials;
          break;
        case Decoding::MeanPotential:
          for (std::size_t i = 0; i < width; ++i)
            out[i] =
                out[i] + potentials[i] * constant(1.0 / static_cast<double>(simulation_.steps));
          break;
        case Decoding::MaxPotential:
          for (std::size_t i = 0; i < width; ++i) {
            if (t == 0 || potentials[i].value > out[i].value) out[i] = potentials[i];
          }
          break;
        case Decoding::Spikes:
          for (std::size_t i = 0; i < width; ++i) out[i] = out[i] + values_[last][i];
          break;
        case Decoding::FirstSpike:
          for (const Dual& spikes : values_[last]) ended |= spikes.value != 0;
          if (ended) out = values_[last];
          break;
      }
    }
    return out;
  }

 private:
  struct State {
    Duals current, potential;
    std::vector<int> waiting;
    std::vector<double> totals;
  };

  Dual number(const std::string& node, const std::string& field, double value,
              std::size_t element = 0) const {
    const bool here =
        direction_.node == node && direction_.field == field && direction_.element == element;
    return {value, here ? 1.0 : 0.0};
  }
  Dual element(const Node& node, const char* field, const Tensor& tensor, std::size_t at) const {
    return number(node.name, field, static_cast<double>(tensor.data[at]), at);
  }
  Dual biasOf(const Node& node, const char* field, const std::optional<Tensor>& bias,
              std::size_t at) const {
    return bias ? element(node, field, *bias, at) : constant(0);
  }

  Dual fired(Dual x) const {
    const double slope = options_.surrogate.slope;
    double by = 0;
    switch (options_.surrogate.kind) {
      case SurrogateKind::FastSigmoid:
        by = std::pow(slope * std::abs(x.value) + 1, -2);
        break;
      case SurrogateKind::Arctan:
        by = 1 / (1 + std::pow(std::acos(-1.0) * slope * x.value / 2, 2));
        break;
      case SurrogateKind::Sigmoid:
        by = slope * std::exp(-slope * x.value) / std::pow(1 + std::exp(-slope * x.value), 2);
        break;
      case SurrogateKind::Piecewise:
        by = std::max(0.0, 1 - slope * std::abs(x.value));
        break;
    }
    const bool yes = simulation_.semantics == Semantics::Dsqn ? x.value > 0 : x.value >= 0;
    return {yes ? 1.0 : 0.0, by * x.slope};
  }
  Dual ofReset(Dual spikes) const {
    return options_.attachedReset ? spikes : constant(spikes.value);
  }

  void step(const std::vector<double>& input) {
    values_.resize(arranged_.places.size());
    states_.resize(arranged_.places.size());
    for (std::size_t i = 0; i < arranged_.places.size(); ++i) {
      const auto& place = arranged_.places[i];
      const Node& node = *place.node;
      const std::size_t from = place.sources.empty() ? 0 : place.sources.front().place;
      const Duals& in = values_[from];
      const Shape& shape = arranged_.places[from].shape;
      if (node.as<InputNode>() != nullptr) {
        values_[i].clear();
        for (const double value : input) values_[i].push_back(constant(value));
      } else if (const auto* dense = node.as<DenseNode>()) {
        values_[i] = product(node, *dense, in);
      } else if (const auto* conv = node.as<ConvNode>()) {
        values_[i] = slid(node, *conv, in, shape, place.shape);
      } else if (const auto* scale = node.as<ScaleNode>()) {
        values_[i] = scaled(node, *scale, in);
      } else if (const auto* pool = node.as<PoolNode>()) {
        values_[i] = pooled(*pool, in, shape, place.shape, states_[i]);
      } else if (node.as<AddNode>() != nullptr) {
        values_[i] = in;
        for (std::size_t s = 1; s < place.sources.size(); ++s) {
          const Duals& other = values_[place.sources[s].place];
          for (std::size_t u = 0; u < other.size(); ++u) values_[i][u] = values_[i][u] + other[u];
        }
      } else if (node.as<ConcatNode>() != nullptr) {
        values_[i].clear();
        for (const auto& source : place.sources)
          values_[i].insert(values_[i].end(), values_[source.place].begin(),
                            values_[source.place].end());
      } else if (node.as<FlattenNode>() != nullptr) {
        values_[i] = in;
      } else {
        const bool fires = i != arranged_.output || outputFires(simulation_.decoding);
        values_[i] = neurons(node, in, place.shape, fires, states_[i]);
      }
    }
  }

  Duals product(const Node& node, const DenseNode& dense, const Duals& in) const {
    Duals out;
    const auto width = static_cast<std::size_t>(dense.inputs());
    for (std::size_t o = 0; o < static_cast<std::size_t>(dense.outputs()); ++o) {
      Dual sum = constant(0);
      for (std::size_t i = 0; i < width; ++i)
        sum = sum + element(node, "weight", dense.weight, o * width + i) * in[i];
      out.push_back(sum + biasOf(node, "bias", dense.bias, o));
    }
    return out;
  }

  // One dimension, neither padding nor stride.
  Duals slid(const Node& node, const ConvNode& conv, const Duals& in, const Shape& from,
             const Shape& to) const {
    Duals out;
    const std::int64_t kernel = conv.weight.shape[2];
    for (std::int64_t o = 0; o < to[0]; ++o) {
      for (std::int64_t p = 0; p < to[1]; ++p) {
        Dual sum = biasOf(node, "bias", conv.bias, static_cast<std::size_t>(o));
        for (std::int64_t c = 0; c < from[0]; ++c) {
          for (std::int64_t k = 0; k < kernel; ++k) {
            const auto at = static_cast<std::size_t>((o * from[0] + c) * kernel + k);
            sum = sum + element(node, "weight", conv.weight, at) *
                            in[static_cast<std::size_t>(c * from[1] + p + k)];
          }
        }
        out.push_back(sum);
      }
    }
    return out;
  }

  Duals scaled(const Node& node, const ScaleNode& scale, const Duals& in) const {
    Duals out;
    const std::size_t each = in.size() / scale.factor.data.size();
    for (std::size_t i = 0; i < in.size(); ++i) {
      out.push_back(element(node, "factor", scale.factor, i / each) * in[i] +
                    biasOf(node, "offset", scale.offset, i / each));
    }
    return out;
  }

  // Windows of two, side by side, in one dimension.
  Duals pooled(const PoolNode& pool, const Duals& in, const Shape& from, const Shape& to,
               State& state) const {
    Duals out;
    state.totals.resize(in.size());
    for (std::size_t i = 0; i < in.size(); ++i) state.totals[i] += in[i].value;
    for (std::int64_t c = 0; c < to[0]; ++c) {
      for (std::int64_t p = 0; p < to[1]; ++p) {
        const auto first = static_cast<std::size_t>(c * from[1] + 2 * p);
        const bool second = state.totals[first + 1] > state.totals[first];
        if (pool.mode == PoolMode::Max)
          out.push_back(in[second ? first + 1 : first]);
        else
          out.push_back((in[first] + in[first + 1]) * constant(0.5));
      }
    }
    return out;
  }

  Duals neurons(const Node& node, const Duals& in, const Shape& shape, bool fires, State& state) {
    NeuronNode neuron;
    if (const auto* given = node.as<NeuronNode>()) neuron = *given;
    if (const auto* sums = node.as<AccumulatorNode>()) {
      neuron.spec.alpha = sums->alpha;
      neuron.spec.beta = sums->beta;
      neuron.initials = sums->initials;
    }
    if (state.current.empty()) {
      state.current.assign(in.size(), constant(0));
      state.waiting.assign(in.size(), 0);
      for (std::size_t i = 0; i < in.size(); ++i) {
        const std::size_t channel = i / (in.size() / static_cast<std::size_t>(shape[0]));
        state.potential.push_back(
            constant(neuron.initials ? neuron.initials->data[channel] : neuron.spec.initial));
      }
    }
    Duals out;
    for (std::size_t i = 0; i < in.size(); ++i) {
      const std::size_t channel = i / (in.size() / static_cast<std::size_t>(shape[0]));
      const Dual threshold = neuron.thresholds
                                 ? element(node, "thresholds", *neuron.thresholds, channel)
                                 : number(node.name, "threshold", neuron.spec.threshold);
      out.push_back(simulation_.semantics == Semantics::Direct
                        ? direct(node, neuron, threshold * constant(1 - graph_.epsilon), channel,
                                 in[i], fires, state, i)
                        : dsqn(node, neuron, threshold, in[i], fires, state, i));
    }
    return out;
  }

  Dual direct(const Node& node, const NeuronNode& neuron, Dual threshold, std::size_t channel,
              Dual in, bool fires, State& state, std::size_t i) const {
    const NeuronSpec& spec = neuron.spec;
    const Dual alpha = number(node.name, "alpha", spec.alpha);
    const Dual beta = number(node.name, "beta", spec.beta);
    if (state.waiting[i] > 0) {
      --state.waiting[i];
      state.current[i] = alpha * state.current[i];
      return constant(0);
    }
    state.current[i] = alpha * state.current[i] + in;
    const Dual tested = beta * state.potential[i] + state.current[i];
    state.potential[i] = tested;
    if (!fires) return constant(0);
    const Dual negative =
        threshold * constant(neuron.negatives ? neuron.negatives->data[channel] : spec.negative);
    Dual ups = constant(0);
    Dual downs = constant(0);
    for (int level = 1; level <= spec.burst; ++level) {
      ups = ups + fired(tested - constant(level) * threshold);
      if (spec.ternary) downs = downs + fired(constant(0) - tested - constant(level) * negative);
    }
    if (spec.reset == Reset::Subtraction) {
      state.potential[i] = tested - ofReset(ups) * threshold + ofReset(downs) * negative;
    } else {
      const Dual jumps = ofReset(fired(tested - threshold));
      state.potential[i] = tested + (constant(spec.resetValue) - tested) * jumps;
    }
    if (ups.value != 0 || downs.value != 0) state.waiting[i] = spec.refractory;
    return ups - downs;
  }

  Dual dsqn(const Node& node, const NeuronNode& neuron, Dual threshold, Dual in, bool fires,
            State& state, std::size_t i) const {
    const Dual alpha = number(node.name, "alpha", neuron.spec.alpha);
    const Dual beta = number(node.name, "beta", neuron.spec.beta);
    const Dual sum = beta * state.potential[i] + state.current[i];
    const Dual spikes = fires ? fired(state.potential[i] - threshold) : constant(0);
    state.potential[i] = neuron.spec.reset == Reset::Subtraction
                             ? sum - ofReset(spikes)
                             : sum * (constant(1) - ofReset(spikes));
    state.current[i] = alpha * state.current[i] + in;
    return spikes;
  }

  Graph graph_;
  Arrangement arranged_;
  TrainingOptions options_;
  const SimulationOptions& simulation_;
  Direction direction_;
  std::vector<Duals> values_;
  std::vector<State> states_;
};

}  // namespace spiq::tests
