#pragma once

#include <memory>

#include <napi.h>

#include "binding/busy.h"
#include "binding/external_memory.h"

namespace spiq {

class TrainerEngine;

// JavaScript's handle on a network in training. One call at a time: while a job runs, all others
// are refused.
class TrainerWrap : public Napi::ObjectWrap<TrainerWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit TrainerWrap(const Napi::CallbackInfo& info);
  ~TrainerWrap() override;
  void Finalize(Napi::Env env) override { memory_.release(env); }

 private:
  static TrainerWrap& of(const Napi::Value& value);
  static const std::shared_ptr<TrainerEngine>& engineOf(const Napi::Value& value);

  Napi::Value describe(const Napi::CallbackInfo& info);
  // Functions that need no `this`: to look into one takes longer than a small network's update.
  Napi::Value boundForward(const Napi::CallbackInfo& info);
  Napi::Value boundUpdate(const Napi::CallbackInfo& info);
  Napi::Value startUpdate(const Napi::CallbackInfo& info);
  Napi::Value gradients(const Napi::CallbackInfo& info);
  Napi::Value graph(const Napi::CallbackInfo& info);
  Napi::Value progress(const Napi::CallbackInfo& info);
  Napi::Value save(const Napi::CallbackInfo& info);
  void restore(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  Slot<TrainerEngine> slot_;
  ExternalMemory memory_;
};

}  // namespace spiq
