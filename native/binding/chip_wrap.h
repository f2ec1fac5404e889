#pragma once

#include <memory>

#include <napi.h>

#include "binding/external_memory.h"
#include "core/fixed/chip.h"

namespace spiq {

// JavaScript's handle on a network in the fixed-point numbers of a SpiNNaker board. Runs do not
// change it.
class ChipWrap : public Napi::ObjectWrap<ChipWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ChipWrap(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override { memory_.release(env); }

 private:
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value run(const Napi::CallbackInfo& info);
  Napi::Value trace(const Napi::CallbackInfo& info);

  static const std::shared_ptr<const Chip>& chipOf(const Napi::Value& value);

  std::shared_ptr<const Chip> chip_;
  ExternalMemory memory_;
};

}  // namespace spiq
