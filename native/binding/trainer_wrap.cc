#include "binding/trainer_wrap.h"

#include "binding/arrays.h"
#include "binding/graph_wrap.h"
#include "binding/trainer_engine.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

constexpr napi_type_tag kTrainerTag{0x8d1f64c07ab3e925, 0xb36e50f2918d47ca};

}  // namespace

Napi::Function TrainerWrap::define(Napi::Env env) {
  return DefineClass(
      env, "Trainer",
      {InstanceMethod("describe", &TrainerWrap::describe),
       InstanceMethod("boundForward", &TrainerWrap::boundForward),
       InstanceMethod("boundUpdate", &TrainerWrap::boundUpdate),
       InstanceMethod("startUpdate", &TrainerWrap::startUpdate),
       InstanceMethod("gradients", &TrainerWrap::gradients),
       InstanceMethod("graph", &TrainerWrap::graph),
       InstanceMethod("progress", &TrainerWrap::progress),
       InstanceMethod("save", &TrainerWrap::save), InstanceMethod("restore", &TrainerWrap::restore),
       InstanceMethod("close", &TrainerWrap::close)});
}

TrainerWrap::TrainerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<TrainerWrap>(info) {
  slot_ = std::make_shared<std::shared_ptr<TrainerEngine>>(
      makeTrainerEngine(info.Env(), *GraphWrap::givenOf(info[0]), TrainerFields(info[1])));
  memory_.hold(info.Env(), (*slot_)->bytes());
  info.This().As<Napi::Object>().TypeTag(&kTrainerTag);
}

TrainerWrap::~TrainerWrap() = default;

TrainerWrap& TrainerWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kTrainerTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "trainer", "a native Trainer", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

const std::shared_ptr<TrainerEngine>& TrainerWrap::engineOf(const Napi::Value& value) {
  return idle(value.Env(), of(value).slot_, "trainer");
}

Napi::Value TrainerWrap::describe(const Napi::CallbackInfo& info) {
  return engineOf(info.This())->describe(info.Env());
}

Napi::Value TrainerWrap::boundForward(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    idle(arguments.Env(), slot, "trainer")->forward(arguments);
  };
  return Napi::Function::New(info.Env(), call, "forward");
}

Napi::Value TrainerWrap::boundUpdate(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    return idle(arguments.Env(), slot, "trainer")->update(arguments);
  };
  return Napi::Function::New(info.Env(), call, "update");
}

Napi::Value TrainerWrap::startUpdate(const Napi::CallbackInfo& info) {
  const auto engine = engineOf(info.This());
  return engine->startUpdate(info, engine);
}

Napi::Value TrainerWrap::gradients(const Napi::CallbackInfo& info) {
  return engineOf(info.This())->gradients(info);
}

Napi::Value TrainerWrap::graph(const Napi::CallbackInfo& info) {
  return engineOf(info.This())->graph(info.Env());
}

Napi::Value TrainerWrap::progress(const Napi::CallbackInfo& info) {
  return engineOf(info.This())->progress(info.Env());
}

Napi::Value TrainerWrap::save(const Napi::CallbackInfo& info) {
  return toJs(info.Env(), engineOf(info.This())->save());
}

void TrainerWrap::restore(const Napi::CallbackInfo& info) {
  const TypedInput<std::uint8_t> bytes(info[0], "state of training");
  throwIfFailed(info.Env(), engineOf(info.This())->restore(bytes.view().data, bytes.view().size));
}

// A job that still runs keeps what it needs.
void TrainerWrap::close(const Napi::CallbackInfo& info) {
  TrainerWrap& trainer = of(info.This());
  *trainer.slot_ = nullptr;
  trainer.memory_.release(info.Env());
}

}  // namespace spiq
