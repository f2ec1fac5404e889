#include "core/sim/encode.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace spiq {

template <class Real>
void prepareObservation(const SimulationOptions& options, const Intake<Real>& intake,
                        const Real* observation, std::int64_t size, Real* prepared) {
  intake.take(observation, static_cast<std::size_t>(size), prepared);
  if (options.twoInputNeurons) {
    for (std::int64_t i = 0; i < size; ++i) {
      prepared[size + i] = std::max(-prepared[i], Real{0});
      prepared[i] = std::max(prepared[i], Real{0});
    }
  }
  if (options.biasAsObservation) prepared[options.twoInputNeurons ? 2 * size : size] = Real{1};
}

template <class Real>
Encoder<Real>::Encoder(const SimulationOptions& options, std::int64_t inputs)
    : options_(options), inputs_(static_cast<std::size_t>(inputs)), nextSpike_(inputs_) {}

template <class Real>
void Encoder<Real>::start(const Real* prepared, UniformSource uniforms, GivenSpikes given,
                          std::size_t row, std::size_t rows) {
  prepared_ = prepared;
  uniforms_ = uniforms;
  given_ = given;
  row_ = row;
  rows_ = rows;
  std::fill(nextSpike_.begin(), nextSpike_.end(), 1.0F);
}

SpikeRange rangeOf(const GivenSpikes& given, std::size_t count) {
  if (given.values == nullptr) return {1, 0};
  const auto [least, most] = std::minmax_element(given.values, given.values + count);
  return {std::max<int>(*most, 1), std::max(-static_cast<int>(*least), 0)};
}

template <class Real>
void Encoder<Real>::Sink::add(std::size_t unit, int count) const {
  const int first = count < 0 ? positive : 0;
  for (int plane = first; plane < first + std::abs(count); ++plane)
    masks[static_cast<std::size_t>(plane * planeStride) + unit] |= bit;
}

template <class Real>
void Encoder<Real>::encode(std::int64_t firstStep, int steps, const SpikeRange& range,
                           std::uint32_t* masks, std::int64_t planeStride) {
  const bool published = options_.semantics == Semantics::Dsqn;
  for (int plane = 0; plane < range.planes(); ++plane)
    std::fill_n(masks + plane * planeStride, inputs_, 0U);
  for (int i = 0; i < steps; ++i) {
    const std::int64_t step = firstStep + i;
    const Sink out{masks, planeStride, range.positive, std::uint32_t{1} << i};
    switch (options_.encoding) {
      case Encoding::Constant:
        break;
      case Encoding::Poisson:
        poisson(step, out);
        break;
      case Encoding::Equidistant:
        published ? publishedEquidistant(step, out) : equidistant(step, out);
        break;
      case Encoding::Latency:
        latency(step, out);
        break;
      case Encoding::Spikes:
        given(step, out);
        break;
    }
  }
}

template <class Real>
void Encoder<Real>::poisson(std::int64_t step, const Sink& out) const {
  const bool inclusive = options_.semantics == Semantics::Dsqn;
  for (std::size_t first = 0; first < inputs_; first += 4) {
    const PhiloxBlock quad =
        uniforms_.quad24(static_cast<std::uint32_t>(first / 4), static_cast<std::uint32_t>(step));
    for (std::size_t i = first; i < std::min(first + 4, inputs_); ++i) {
      const double uniform = quad[i - first] * 0x1p-24;
      const auto rate = static_cast<double>(prepared_[i]);
      if (inclusive ? uniform <= rate : uniform < rate) out.add(i, 1);
    }
  }
}

template <class Real>
void Encoder<Real>::equidistant(std::int64_t step, const Sink& out) const {
  const auto t = static_cast<double>(step);
  for (std::size_t i = 0; i < inputs_; ++i) {
    const auto rate = static_cast<double>(prepared_[i]);
    if (rate >= 1 || (rate > 0 && std::floor(rate * (t + 1)) > std::floor(rate * t))) {
      out.add(i, 1);
    }
  }
}

template <class Real>
void Encoder<Real>::publishedEquidistant(std::int64_t step, const Sink& out) {
  for (std::size_t i = 0; i < inputs_; ++i) {
    const float interval = 1.0F / static_cast<float>(prepared_[i]);
    // nearbyint rounds halves to even in the default rounding mode.
    if (std::nearbyint(interval * nextSpike_[i]) == static_cast<float>(step)) {
      out.add(i, 1);
      nextSpike_[i] += 1.0F;
    }
  }
}

template <class Real>
void Encoder<Real>::latency(std::int64_t step, const Sink& out) const {
  const auto last = static_cast<double>(options_.steps - 1);
  for (std::size_t i = 0; i < inputs_; ++i) {
    const auto rate = static_cast<double>(prepared_[i]);
    if (rate > 0 &&
        std::floor((1 - std::min(rate, 1.0)) * last + 0.5) == static_cast<double>(step)) {
      out.add(i, 1);
    }
  }
}

template <class Real>
void Encoder<Real>::given(std::int64_t step, const Sink& out) const {
  const std::int8_t* counts =
      given_.values + (static_cast<std::size_t>(step - given_.firstStep) * rows_ + row_) * inputs_;
  for (std::size_t i = 0; i < inputs_; ++i) {
    if (counts[i] != 0) out.add(i, counts[i]);
  }
}

template <class Real>
void Encoder<Real>::exchange(StateBytes& bytes) {
  bytes.pass(nextSpike_.data(), nextSpike_.size());
}

template void prepareObservation<float>(const SimulationOptions&, const Intake<float>&,
                                        const float*, std::int64_t, float*);
template void prepareObservation<double>(const SimulationOptions&, const Intake<double>&,
                                         const double*, std::int64_t, double*);
template class Encoder<float>;
template class Encoder<double>;

}  // namespace spiq
