#include "core/sim/decode.h"

#include <algorithm>
#include <limits>

namespace spiq {

template <class Real>
Decoder<Real>::Decoder(Decoding decoding, const Layout& layout)
    : decoding_(decoding), layout_(layout), values_(static_cast<std::size_t>(layout.units())) {}

template <class Real>
void Decoder<Real>::start() {
  seen_ = false;
  const bool maximum = decoding_ == Decoding::MaxPotential;
  std::fill(values_.begin(), values_.end(),
            maximum ? -std::numeric_limits<double>::infinity() : 0.0);
}

template <class Real>
void Decoder<Real>::seePotentials(const Real* potentials, int steps) {
  for (int step = 0; step < steps; ++step, potentials += layout_.size()) {
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const auto value = static_cast<double>(potentials[layout_.at(static_cast<std::int64_t>(i))]);
      values_[i] =
          decoding_ == Decoding::MeanPotential ? values_[i] + value : std::max(values_[i], value);
    }
  }
}

template <class Real>
void Decoder<Real>::count(const WordView& spikes, std::uint32_t used) {
  for (int plane = 0; plane < spikes.planes; ++plane) {
    const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const int fired = __builtin_popcount(masks[layout_.at(static_cast<std::int64_t>(i))] & used);
      values_[i] += plane < spikes.positive ? fired : -fired;
    }
  }
}

template <class Real>
int Decoder<Real>::see(Workspace<Real>& workspace, const Plan<Real>& plan, std::size_t row,
                       const Chunk& chunk) {
  if (decoding_ == Decoding::Potential) return chunk.total;
  if (watches(decoding_)) {
    const auto& potentials = workspace.state(plan.outputNeuron).potentials;
    const std::size_t each =
        static_cast<std::size_t>(workspace.chunkSteps()) * static_cast<std::size_t>(layout_.size());
    seePotentials(potentials.data() + row * each, chunk.total);
    return chunk.total;
  }
  for (int word = 0; word < chunk.words; ++word) {
    const WordView spikes = workspace.spikes(plan.output, row, word);
    if (decoding_ == Decoding::Spikes) {
      count(spikes, chunk.usedBits(word, chunk.total));
      continue;
    }
    std::uint32_t any = 0;
    for (int plane = 0; plane < spikes.planes; ++plane) {
      const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
      for (std::int64_t i = 0; i < layout_.size(); ++i) any |= masks[i];
    }
    any &= chunk.usedBits(word, chunk.total);
    if (any == 0) continue;
    seen_ = true;
    count(spikes, any & -any);
    return chunk.before(word) + __builtin_ctz(any) + 1;
  }
  return chunk.total;
}

template <class Real>
void Decoder<Real>::seeStep(Workspace<Real>& workspace, const Plan<Real>& plan, std::size_t row,
                            const Chunk& chunk, int step) {
  if (decoding_ == Decoding::Potential || known()) return;
  if (watches(decoding_)) {
    const auto& potentials = workspace.state(plan.outputNeuron).potentials;
    return seePotentials(potentials.data() + workspace.watchedAt(row, step) *
                                                 static_cast<std::size_t>(layout_.size()),
                         1);
  }
  const int word = chunk.wordOf(step);
  const WordView spikes = workspace.spikes(plan.output, row, word);
  const std::uint32_t bit = std::uint32_t{1} << (step - chunk.before(word));
  count(spikes, bit);
  for (int plane = 0; plane < spikes.planes; ++plane) {
    const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
    for (std::int64_t i = 0; i < layout_.size(); ++i) seen_ |= (masks[i] & bit) != 0;
  }
}

template <class Real>
void Decoder<Real>::exchange(StateBytes& bytes) {
  bytes.pass(values_.data(), values_.size());
  auto seen = static_cast<std::uint8_t>(seen_);
  bytes.pass(&seen, 1);
  seen_ = seen != 0;
}

template <class Real>
void Decoder<Real>::finish(const Real* potential, std::int64_t steps, Real* out) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    switch (decoding_) {
      case Decoding::Potential:
        out[i] = potential[layout_.at(static_cast<std::int64_t>(i))];
        break;
      case Decoding::MeanPotential:
        out[i] = static_cast<Real>(values_[i] / static_cast<double>(steps));
        break;
      case Decoding::MaxPotential:
      case Decoding::Spikes:
        out[i] = static_cast<Real>(values_[i]);
        break;
      case Decoding::FirstSpike:
        out[i] = seen_ ? static_cast<Real>(values_[i]) : std::numeric_limits<Real>::quiet_NaN();
        break;
    }
  }
}

template class Decoder<float>;
template class Decoder<double>;

}  // namespace spiq
