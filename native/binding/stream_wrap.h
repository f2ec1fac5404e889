#pragma once

#include <memory>

#include <napi.h>

namespace spiq {

class StreamEngine;

// JavaScript's handle on rows that keep their state from call to call.
class StreamWrap : public Napi::ObjectWrap<StreamWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit StreamWrap(const Napi::CallbackInfo& info);
  ~StreamWrap() override;

 private:
  static StreamWrap& of(const Napi::Value& value);
  // Open, and used by no job.
  static std::shared_ptr<StreamEngine> idle(const Napi::Value& value);
  Napi::Value step(const Napi::CallbackInfo& info);
  Napi::Value advance(const Napi::CallbackInfo& info);
  Napi::Value decode(const Napi::CallbackInfo& info);
  Napi::Value save(const Napi::CallbackInfo& info);
  Napi::Value steps(const Napi::CallbackInfo& info);
  void restore(const Napi::CallbackInfo& info);
  void reset(const Napi::CallbackInfo& info);
  void carry(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<StreamEngine> stream_;
};

}  // namespace spiq
