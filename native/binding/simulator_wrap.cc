#include "binding/simulator_wrap.h"

#include "binding/engine.h"
#include "binding/graph_wrap.h"

namespace spiq {

namespace {

constexpr napi_type_tag kSimulatorTag{0xc25b8e0f19a64d73, 0x81f7d36a0e4b925c};

}  // namespace

Napi::Function SimulatorWrap::define(Napi::Env env) {
  return DefineClass(env, "Simulator",
                     {InstanceMethod("describe", &SimulatorWrap::describe),
                      InstanceMethod("run", &SimulatorWrap::run),
                      InstanceMethod("runSync", &SimulatorWrap::runSync),
                      InstanceMethod("boundRunInto", &SimulatorWrap::boundRunInto)});
}

SimulatorWrap::SimulatorWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<SimulatorWrap>(info) {
  engine_ = makeEngine(info.Env(), *GraphWrap::graphOf(info[0]), info[1]);
  info.This().As<Napi::Object>().TypeTag(&kSimulatorTag);
}

SimulatorWrap::~SimulatorWrap() = default;

std::shared_ptr<const Engine> SimulatorWrap::engineOf(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kSimulatorTag)) {
    throw toError(value.Env(), mismatch(Code::Argument, "simulator", "a native Simulator",
                                        spiq::describe(value)));
  }
  return Unwrap(value.As<Napi::Object>())->engine_;
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
  return Napi::Function::New(
      info.Env(),
      [engine = engineOf(info.This())](const Napi::CallbackInfo& call) { engine->runInto(call); },
      "runInto");
}

}  // namespace spiq
