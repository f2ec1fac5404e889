#include "binding/stream_wrap.h"

#include "binding/engine.h"
#include "binding/simulator_wrap.h"
#include "binding/stream_engine.h"

namespace spiq {

namespace {

constexpr napi_type_tag kStreamTag{0x5d0c6f2be1a84973, 0xa94e17c3b05d2f68};

}  // namespace

Napi::Function StreamWrap::define(Napi::Env env) {
  return DefineClass(
      env, "Stream",
      {InstanceMethod("step", &StreamWrap::step), InstanceMethod("advance", &StreamWrap::advance),
       InstanceMethod("decode", &StreamWrap::decode), InstanceMethod("save", &StreamWrap::save),
       InstanceMethod("steps", &StreamWrap::steps), InstanceMethod("restore", &StreamWrap::restore),
       InstanceMethod("reset", &StreamWrap::reset), InstanceMethod("carry", &StreamWrap::carry),
       InstanceMethod("close", &StreamWrap::close)});
}

StreamWrap::StreamWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<StreamWrap>(info) {
  const auto engine = SimulatorWrap::engineOf(info[0]);
  stream_ = engine->stream(info.Env(), engine, info[1]);
  info.This().As<Napi::Object>().TypeTag(&kStreamTag);
}

StreamWrap::~StreamWrap() = default;

StreamWrap& StreamWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kStreamTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "stream", "a native Stream", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

std::shared_ptr<StreamEngine> StreamWrap::idle(const Napi::Value& value) {
  const StreamWrap& stream = of(value);
  if (stream.stream_ == nullptr) {
    throw toError(value.Env(), mismatch(Code::State, "stream", "an open one", "a closed one"));
  }
  if (stream.stream_->busy()) {
    throw toError(value.Env(), mismatch(Code::State, "stream", "one that no running job uses",
                                        "one that advance() has not given back"));
  }
  return stream.stream_;
}

Napi::Value StreamWrap::step(const Napi::CallbackInfo& info) {
  const auto stream = idle(info.This());
  return stream->step(info.Env(), stream, StepCall(info[0]), true);
}

Napi::Value StreamWrap::advance(const Napi::CallbackInfo& info) {
  const auto stream = idle(info.This());
  return stream->step(info.Env(), stream, StepCall(info[0]), false);
}

Napi::Value StreamWrap::decode(const Napi::CallbackInfo& info) {
  return idle(info.This())->decode(info.Env());
}

Napi::Value StreamWrap::save(const Napi::CallbackInfo& info) {
  return idle(info.This())->save(info.Env());
}

Napi::Value StreamWrap::steps(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), idle(info.This())->steps());
}

void StreamWrap::restore(const Napi::CallbackInfo& info) {
  idle(info.This())->restore(info[0]);
}

void StreamWrap::reset(const Napi::CallbackInfo& info) {
  idle(info.This())->reset();
}

void StreamWrap::carry(const Napi::CallbackInfo& info) {
  idle(info.This())->carry();
}

// A job that still runs keeps what it needs.
void StreamWrap::close(const Napi::CallbackInfo& info) {
  of(info.This()).stream_.reset();
}

}  // namespace spiq
