#pragma once

#include <atomic>
#include <memory>

#include <napi.h>

#include "binding/busy.h"
#include "binding/external_memory.h"
#include "core/learn/dqn_learner.h"

namespace spiq {

// JavaScript's handle on a Q-network in training and the one that gives its targets. One call at a
// time: while a job runs, all others are refused.
class QTrainerWrap : public Napi::ObjectWrap<QTrainerWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit QTrainerWrap(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override { memory_.release(env); }

 private:
  struct State {
    std::unique_ptr<DqnLearner> learner;
    std::size_t threads = 0;
    std::atomic<bool> busy{false};
  };

  static QTrainerWrap& of(const Napi::Value& value);
  static const std::shared_ptr<State>& stateOf(const Napi::Value& value);
  static void forward(State& state, const Napi::CallbackInfo& info);
  static void learn(State& state, const Napi::CallbackInfo& info);
  static void learnBatch(State& state, const Napi::CallbackInfo& info);

  Napi::Value describe(const Napi::CallbackInfo& info);
  // Functions that need no `this`, as TrainerWrap has them.
  // forward(observations, out, ofTarget, seed, firstObservation)
  Napi::Value boundForward(const Napi::CallbackInfo& info);
  // learn(replay, batch, count, report)
  Napi::Value boundLearn(const Napi::CallbackInfo& info);
  // The same as a job: learn(replay, batch, count) -> [loss, mean Q]
  Napi::Value startLearn(const Napi::CallbackInfo& info);
  // learnBatch(observations, actions, rewards, nextObservations, discounts, weights, errors,
  // report)
  Napi::Value boundLearnBatch(const Napi::CallbackInfo& info);
  void syncTarget(const Napi::CallbackInfo& info);
  Napi::Value graph(const Napi::CallbackInfo& info);  // (ofTarget)
  Napi::Value progress(const Napi::CallbackInfo& info);
  Napi::Value save(const Napi::CallbackInfo& info);
  void restore(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  Slot<State> slot_;
  ExternalMemory memory_;
};

}  // namespace spiq
