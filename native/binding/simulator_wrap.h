#pragma once

#include <memory>

#include <napi.h>

#include "binding/external_memory.h"

namespace spiq {

// One compiled network at one precision, behind an interface so that the wrap needs no template.
class Engine;

// JavaScript's handle on a compiled spiking network. Runs do not change it, so several may go on at
// once; those that go on when it is closed come to their end.
class SimulatorWrap : public Napi::ObjectWrap<SimulatorWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SimulatorWrap(const Napi::CallbackInfo& info);
  ~SimulatorWrap() override;
  void Finalize(Napi::Env env) override { memory_.release(env); }

  // Refuses what is no simulator, and closed ones.
  static std::shared_ptr<const Engine> engineOf(const Napi::Value& value);

 private:
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value runSync(const Napi::CallbackInfo& info);
  // A function that needs no `this`: to look into one takes longer than a small network's step.
  Napi::Value boundRunInto(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  static SimulatorWrap& of(const Napi::Value& value);

  // Shared with the bound function; holds null once closed.
  using Slot = std::shared_ptr<const Engine>;
  std::shared_ptr<Slot> slot_;
  ExternalMemory memory_;
};

}  // namespace spiq
