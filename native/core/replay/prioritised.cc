#include "core/replay/prioritised.h"

#include <algorithm>
#include <cmath>

namespace spiq {

Result<std::unique_ptr<Prioritised>> Prioritised::make(const Prioritising& options,
                                                       std::size_t slots) {
  Result<SumTree> tree = SumTree::make(slots);
  if (!tree.ok()) return tree.status();
  return std::unique_ptr<Prioritised>(new Prioritised(options, tree.take()));
}

double Prioritised::beta() const {
  if (options_.betaBatches == 0) return options_.betaFrom;
  const double share =
      std::min(1.0, static_cast<double>(batches_) / static_cast<double>(options_.betaBatches));
  return options_.betaFrom + share * (options_.betaTo - options_.betaFrom);
}

Status Prioritised::draw(std::size_t count, const DrawableRows& /*drawable*/,
                         ReplayGenerator& generator, Drawn& into) {
  const double total = tree_.total();
  masses_.resize(count);
  into.slots.resize(count);
  for (std::size_t i = 0; i < count; ++i) {
    masses_[i] =
        (static_cast<double>(i) + generator.uniform()) / static_cast<double>(count) * total;
  }
  tree_.find({masses_.data(), count}, {into.slots.data(), count});
  into.probabilities.resize(count);
  into.weights.resize(count);
  double least = 1;
  for (std::size_t i = 0; i < count; ++i) {
    into.probabilities[i] = tree_.leaf(into.slots[i]) / total;
    least = std::min(least, into.probabilities[i]);
  }
  // (N P)^-beta over the largest of them: N falls out.
  const double exponent = beta();
  for (std::size_t i = 0; i < count; ++i)
    into.weights[i] = static_cast<float>(std::pow(least / into.probabilities[i], exponent));
  ++batches_;
  return {};
}

void Prioritised::setError(RowSlot slot, double error) {
  const double priority = std::pow(std::abs(error) + options_.epsilon, options_.alpha);
  tree_.set(slot, priority);
  largest_ = std::max(largest_, priority);
}

}  // namespace spiq
