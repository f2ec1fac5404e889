#include "binding/simulator_wrap.h"

#include "binding/engine.h"
#include "binding/graph_wrap.h"

namespace spiq {

namespace {

constexpr napi_type_tag kSimulatorTag{0xc25b8e0f19a64d73, 0x81f7d36a0e4b925c};

const Engine& openEngine(Napi::Env env, const std::shared_ptr<const Engine>& engine) {
  if (engine == nullptr)
    throw toError(env, mismatch(Code::State, "simulator", "an open one", "a closed one"));
  return *engine;
}

}  // namespace

Napi::Function SimulatorWrap::define(Napi::Env env) {
  return DefineClass(env, "Simulator",
                     {InstanceMethod("describe", &SimulatorWrap::describe),
                      InstanceMethod("run", &SimulatorWrap::run),
                      InstanceMethod("runSync", &SimulatorWrap::runSync),
                      InstanceMethod("boundRunInto", &SimulatorWrap::boundRunInto),
                      InstanceMethod("close", &SimulatorWrap::close)});
}

SimulatorWrap::SimulatorWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SimulatorWrap>(info) {
  slot_ = std::make_shared<Slot>(makeEngine(info.Env(), *GraphWrap::graphOf(info[0]), info[1]));
  memory_.hold(info.Env(), (*slot_)->bytes());
  info.This().As<Napi::Object>().TypeTag(&kSimulatorTag);
}

SimulatorWrap::~SimulatorWrap() = default;

SimulatorWrap& SimulatorWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kSimulatorTag)) {
    throw toError(value.Env(), mismatch(Code::Argument, "simulator", "a native Simulator",
                                        spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

std::shared_ptr<const Engine> SimulatorWrap::engineOf(const Napi::Value& value) {
  const Slot& engine = *of(value).slot_;
  openEngine(value.Env(), engine);
  return engine;
}

Napi::Value SimulatorWrap::describe(const Napi::CallbackInfo& info) {
  return engineOf(info.This())->describe(info.Env());
}

Napi::Value SimulatorWrap::run(const Napi::CallbackInfo& info) {
  const auto engine = engineOf(info.This());
  return engine->run(info.Env(), engine, RunCall(info[0]), false);
}

Napi::Value SimulatorWrap::runSync(const Napi::CallbackInfo& info) {
  const auto engine = engineOf(info.This());
  return engine->run(info.Env(), engine, RunCall(info[0]), true);
}

Napi::Value SimulatorWrap::boundRunInto(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    openEngine(arguments.Env(), *slot).runInto(arguments);
  };
  return Napi::Function::New(info.Env(), call, "runInto");
}

void SimulatorWrap::close(const Napi::CallbackInfo& info) {
  SimulatorWrap& simulator = of(info.This());
  *simulator.slot_ = nullptr;
  simulator.memory_.release(info.Env());
}

}  // namespace spiq
