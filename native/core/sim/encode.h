#pragma once

#include <vector>

#include "base/philox.h"
#include "core/plan/plan.h"
#include "core/sim/state_bytes.h"

namespace spiq {

// Spikes that the user gives: [steps][rows][inputs], each the number of spikes (negative: negative
// spikes).
struct GivenSpikes {
  const std::int8_t* values = nullptr;
  std::size_t steps = 0;
  std::int64_t firstStep = 0;  // of `values`
};

// The network's input for one observation: taken in, then split in two where asked, the constant 1
// appended where asked.
template <class Real>
void prepareObservation(const SimulationOptions& options, const Intake<Real>& intake,
                        const Real* observation, std::int64_t size, Real* prepared);

// The most spikes of a unit and step, of each sign.
SpikeRange rangeOf(const GivenSpikes& given, std::size_t count);

// Turns one prepared observation into spikes, a block of steps at a time.
// - poisson: a spike where a 24-bit uniform u is below x (dsqn: not above x, as published).
// - equidistant: direct spreads floor(x * T) spikes evenly: at t where floor(x(t+1)) > floor(x t),
// x above 1 counts as
//   1. dsqn repeats the published encoder: spike k at round_half_even(f32(f32(1/x) * k)), which
//   falls silent for ever once that time lies behind t (x > 1).
// - latency: one spike at floor((1 - min(x, 1)) (T - 1) + 1/2), none for x <= 0.
template <class Real>
class Encoder {
 public:
  Encoder(const SimulationOptions& options, std::int64_t inputs);

  void start(const Real* prepared, UniformSource uniforms, GivenSpikes given, std::size_t row,
             std::size_t rows);
  // Other spikes from here on.
  void feed(GivenSpikes given) { given_ = given; }
  void exchange(StateBytes& bytes);
  // The spikes of at most kWordSteps steps, unit after unit in each plane of `range`.
  void encode(std::int64_t firstStep, int steps, const SpikeRange& range, std::uint32_t* masks,
              std::int64_t planeStride);

 private:
  // Where the spikes of one step go.
  struct Sink {
    std::uint32_t* masks;
    std::int64_t planeStride;
    int positive;
    std::uint32_t bit;
    void add(std::size_t unit, int count) const;
  };
  void poisson(std::int64_t step, const Sink& out) const;
  void equidistant(std::int64_t step, const Sink& out) const;
  void publishedEquidistant(std::int64_t step, const Sink& out);
  void latency(std::int64_t step, const Sink& out) const;
  void given(std::int64_t step, const Sink& out) const;

  SimulationOptions options_;
  std::size_t inputs_;
  const Real* prepared_ = nullptr;
  UniformSource uniforms_{0, Stream::PoissonInput, 0};
  GivenSpikes given_;
  std::size_t row_ = 0;
  std::size_t rows_ = 0;
  std::vector<float> nextSpike_;  // k of the published equidistant encoder
};

}  // namespace spiq
