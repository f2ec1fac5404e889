#pragma once

#include <cstdint>
#include <optional>

#include "base/neuron.h"

namespace spiq {

enum class Encoding : std::uint8_t { Constant, Poisson, Equidistant, Latency, Spikes };
enum class Decoding : std::uint8_t { Potential, Spikes, FirstSpike, MeanPotential, MaxPotential };

constexpr std::int64_t kMaxSteps = 10'000'000;

struct SimulationOptions {
  std::int64_t steps = 100;
  Semantics semantics = Semantics::Direct;
  Encoding encoding = Encoding::Constant;
  Decoding decoding = Decoding::Potential;
  bool twoInputNeurons = false;
  bool biasAsObservation = false;
  // Where present, these replace what every neuron node of the graph says.
  std::optional<double> threshold;
  std::optional<double> alpha;
  std::optional<double> beta;
  std::optional<Reset> reset;
  std::optional<double> epsilon;
};

inline bool outputFires(Decoding decoding) {
  return decoding == Decoding::Spikes || decoding == Decoding::FirstSpike;
}

}  // namespace spiq
