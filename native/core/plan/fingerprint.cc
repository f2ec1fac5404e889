#include "core/plan/fingerprint.h"

#include <cstring>

namespace spiq {

namespace {

constexpr std::uint64_t kPrime = 0x100000001b3;  // FNV's 64-bit prime

class Hash {
 public:
  template <class T>
  void number(T value) {
    const auto wide = static_cast<double>(value);
    hash_ = hashBytes(&wide, sizeof wide, hash_);
  }
  template <class Values>
  void all(const Values& values) {
    number(values.size());
    hash_ = hashBytes(values.data(), values.size() * sizeof(values[0]), hash_);
  }
  std::uint64_t value() const { return hash_; }

 private:
  std::uint64_t hash_ = kHashStart;
};

void addLayout(Hash& hash, const Layout& layout) {
  hash.number(layout.positions);
  hash.number(layout.channels);
}

template <class Real>
void addBody(Hash& hash, const Body<Real>& body) {
  hash.number(body.index());
  if (const auto* linear = std::get_if<LinearData<Real>>(&body)) {
    hash.all(linear->weights());
    hash.all(linear->taps());
    hash.number(linear->channelFanOut());
    for (std::int64_t unit = 0; unit < linear->out().channels; ++unit)
      hash.number(linear->bias()[unit]);
  } else if (const auto* neuron = std::get_if<NeuronOp<Real>>(&body)) {
    const NeuronParams<Real>& params = neuron->params;
    hash.number(static_cast<int>(params.semantics));
    hash.number(static_cast<int>(params.reset));
    for (const Real value : {params.alpha, params.beta, params.resetValue, params.refractory})
      hash.number(value);
    hash.number(params.burst);
    hash.number(params.ternary);
    hash.number(params.fires);
    hash.all(neuron->thresholds);
    hash.all(neuron->negatives);
    hash.all(neuron->initials);
  } else if (const auto* gather = std::get_if<GatherOp>(&body)) {
    hash.all(gather->units);
  } else if (const auto* pool = std::get_if<PoolOp<Real>>(&body)) {
    hash.number(static_cast<int>(pool->mode));
    hash.number(pool->gated);
    hash.all(pool->sources);
    hash.all(pool->factors);
  }
}

}  // namespace

std::uint64_t hashBytes(const void* bytes, std::size_t size, std::uint64_t hash) {
  const auto* at = static_cast<const std::uint8_t*>(bytes);
  for (; size >= sizeof(std::uint64_t); size -= sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, sizeof word);
    hash = (hash ^ word) * kPrime;
    // Multiplication alone never carries high bits down.
    hash ^= hash >> 32;
    at += sizeof word;
  }
  for (; size > 0; --size) hash = (hash ^ *at++) * kPrime;
  return hash;
}

template <class Real>
std::uint64_t fingerprint(const Plan<Real>& plan, const SimulationOptions& options) {
  Hash hash;
  hash.number(sizeof(Real));
  for (const auto& value : plan.values) addLayout(hash, value.layout);
  for (const auto& operation : plan.operations) {
    addBody<Real>(hash, operation.body);
    hash.number(operation.to);
    for (const auto& source : operation.sources) {
      hash.number(source.value);
      hash.number(source.delay);
    }
  }
  hash.all(plan.intake.factor);
  hash.all(plan.intake.offset);
  hash.number(plan.output);
  hash.number(static_cast<int>(options.semantics));
  hash.number(static_cast<int>(options.encoding));
  hash.number(static_cast<int>(options.decoding));
  hash.number(options.twoInputNeurons);
  hash.number(options.biasAsObservation);
  // The one encoding that depends on T.
  if (options.encoding == Encoding::Latency) hash.number(options.steps);
  return hash.value();
}

template std::uint64_t fingerprint<float>(const Plan<float>&, const SimulationOptions&);
template std::uint64_t fingerprint<double>(const Plan<double>&, const SimulationOptions&);

}  // namespace spiq
