#pragma once

#include "binding/fields.h"
#include "binding/names.h"
#include "core/learn/dqn_learner.h"

namespace spiq {

inline const Names<LossKind> kLossNames{{"mse", LossKind::Mse},
                                        {"huber", LossKind::Huber},
                                        {"clipped-error", LossKind::ClippedError},
                                        {"cross-entropy", LossKind::CrossEntropy},
                                        {"policy-gradient", LossKind::PolicyGradient},
                                        {"spike-count", LossKind::SpikeCount},
                                        {"weighted-sum", LossKind::WeightedSum}};

// What is said when a trainer is made.
struct TrainerFields {
  DqnOptions dqn;
  Precision precision = Precision::Float32;
  std::int64_t threads = 1;
  std::string isa = "auto";

  explicit TrainerFields(const Napi::Value& value);
};

}  // namespace spiq
