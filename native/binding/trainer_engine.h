#pragma once

#include <atomic>
#include <memory>

#include <napi.h>

#include "binding/trainer_fields.h"

namespace spiq {

// A network in training at one precision, behind an interface so that the wrap needs no template.
// Calls take their arguments in order and not by name, for they may take microseconds each.
class TrainerEngine {
 public:
  TrainerEngine() = default;
  TrainerEngine(const TrainerEngine&) = delete;
  TrainerEngine& operator=(const TrainerEngine&) = delete;
  virtual ~TrainerEngine() = default;

  virtual Napi::Value describe(Napi::Env env) const = 0;
  // forward(observations, out, seed, firstObservation)
  virtual void forward(const Napi::CallbackInfo& info) = 0;
  // update(observations, loss, targets, actions, returns, weights, limit, correct, wrong): the loss
  virtual Napi::Value update(const Napi::CallbackInfo& info) = 0;
  // The same as a job.
  virtual Napi::Value startUpdate(const Napi::CallbackInfo& info,
                                  const std::shared_ptr<TrainerEngine>& self) = 0;
  // The same arguments: { loss, outputs, gradients }
  virtual Napi::Value gradients(const Napi::CallbackInfo& info) = 0;
  virtual Napi::Value graph(Napi::Env env) const = 0;
  // [updates, learning rate of the next, norm of the last one's gradients]
  virtual Napi::Value progress(Napi::Env env) const = 0;
  virtual std::vector<std::uint8_t> save() = 0;
  virtual Status restore(const std::uint8_t* bytes, std::size_t size) = 0;
  virtual std::size_t bytes() const = 0;

  std::atomic<bool> busy{false};
};

std::shared_ptr<TrainerEngine> makeTrainerEngine(Napi::Env env, const Graph& graph,
                                                 const TrainerFields& fields);

// What both kinds of trainer tell of their progress.
template <class Real>
Napi::Value progressToJs(Napi::Env env, const Learner<Real>& learner) {
  Napi::Array array = Napi::Array::New(env, 3);
  array.Set(0U, static_cast<double>(learner.updates()));
  array.Set(1U, learner.learningRate());
  array.Set(2U, learner.gradientNorm());
  return array;
}

}  // namespace spiq
