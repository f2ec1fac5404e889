#include "core/sim/decode.h"

#include <algorithm>
#include <limits>

namespace spiq {

template <class Real>
Decoder<Real>::Decoder(Decoding decoding, std::size_t outputs)
    : decoding_(decoding), values_(outputs) {}

template <class Real>
void Decoder<Real>::start() {
  seen_ = false;
  const bool maximum = decoding_ == Decoding::MaxPotential;
  std::fill(values_.begin(), values_.end(),
            maximum ? -std::numeric_limits<double>::infinity() : 0.0);
}

template <class Real>
bool Decoder<Real>::see(const Real* potential, const SpikeBlock& spikes) {
  switch (decoding_) {
    case Decoding::Potential:
      break;
    case Decoding::MeanPotential:
      for (std::size_t i = 0; i < values_.size(); ++i) values_[i] += potential[i];
      break;
    case Decoding::MaxPotential:
      for (std::size_t i = 0; i < values_.size(); ++i)
        values_[i] = std::max(values_[i], static_cast<double>(potential[i]));
      break;
    case Decoding::Spikes:
    case Decoding::FirstSpike:
      for (std::size_t i = 0; i < spikes.size; ++i) {
        values_[spikes.spikes[i].unit] += static_cast<double>(spikes.spikes[i].count);
        seen_ = true;
      }
      break;
  }
  return decoding_ == Decoding::FirstSpike && seen_;
}

template <class Real>
void Decoder<Real>::finish(const Real* potential, std::int64_t steps, Real* out) const {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    switch (decoding_) {
      case Decoding::Potential:
        out[i] = potential[i];
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
