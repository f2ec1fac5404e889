#include "core/learn/optimiser_options.h"

#include <cmath>
#include <string>

namespace spiq {

OptimiserOptions OptimiserOptions::of(OptimiserKind kind) {
  OptimiserOptions options;
  options.kind = kind;
  options.learningRate.from = 1e-3;
  switch (kind) {
    case OptimiserKind::Sgd:
    case OptimiserKind::Adam:
      break;
    case OptimiserKind::AdamW:
      options.weightDecay = 0.01;
      break;
    case OptimiserKind::Rmsprop:
      options.learningRate.from = 0.01;
      options.decay = 0.99;
      break;
    case OptimiserKind::RmspropNature:
      options.learningRate.from = 2.5e-4;
      options.decay = 0.95;
      options.momentum = 0.95;
      options.epsilon = 0.01;
      break;
    case OptimiserKind::RmspropNeon:
      options.learningRate.from = 2.5e-4;
      options.decay = 0.95;
      options.epsilon = 1e-6;
      break;
  }
  return options;
}

Status OptimiserOptions::validate() const {
  if (const Status status = learningRate.validate("optimiser 'learningRate'"); !status.ok())
    return status;
  struct Share {
    const char* name;
    double value;
  };
  for (const auto& [name, value] : {Share{"momentum", momentum}, Share{"decay", decay},
                                    Share{"beta1", beta1}, Share{"beta2", beta2}}) {
    if (value >= 0.0 && value < 1.0) continue;
    return mismatch(Code::Range, std::string("optimiser '") + name + "'",
                    "a number from 0 to below 1", showNumber(value));
  }
  // With nothing to add, a value that never had a gradient would be moved by 0 / 0.
  const auto rounded = static_cast<float>(epsilon);
  if (!std::isfinite(rounded) || rounded <= 0.0F) {
    return mismatch(Code::Range, "optimiser 'epsilon'", "a number above 0", showNumber(epsilon));
  }
  if (!std::isfinite(static_cast<float>(weightDecay)) || weightDecay < 0.0) {
    return mismatch(Code::Range, "optimiser 'weightDecay'", "a number from 0 on",
                    showNumber(weightDecay));
  }
  for (const auto& [name, value] : {Share{"value", clipValue}, Share{"norm", clipNorm}}) {
    if (value > 0.0) continue;
    return mismatch(Code::Range, std::string("clip '") + name + "'", "a number above 0",
                    showNumber(value));
  }
  return {};
}

}  // namespace spiq
