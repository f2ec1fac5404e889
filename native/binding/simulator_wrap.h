#pragma once

#include <memory>

#include <napi.h>

namespace spiq {

// One compiled network at one precision, behind an interface so that the wrap needs no template.
class Engine;

// JavaScript's handle on a compiled spiking network. Runs do not change it, so several may go on at
// once.
class SimulatorWrap : public Napi::ObjectWrap<SimulatorWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit SimulatorWrap(const Napi::CallbackInfo& info);
  ~SimulatorWrap() override;

  static std::shared_ptr<const Engine> engineOf(const Napi::Value& value);

 private:
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value runSync(const Napi::CallbackInfo& info);
  // A function that needs no `this`: to look into one takes longer than a small network's step.
  Napi::Value boundRunInto(const Napi::CallbackInfo& info);

  std::shared_ptr<const Engine> engine_;
};

}  // namespace spiq
