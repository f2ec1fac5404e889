#pragma once

#include <memory>

#include <napi.h>

#include "binding/external_memory.h"
#include "binding/forward.h"
#include "core/graph/graph.h"

namespace spiq {

// JavaScript's handle on a validated graph. Immutable, so that jobs share it.
class GraphWrap : public Napi::ObjectWrap<GraphWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  // The graph behind `value` as the engine takes it, batch norms and scales folded, or an
  // E_ARGUMENT error where it is anything but a Graph of this addon.
  static std::shared_ptr<const Graph> graphOf(const Napi::Value& value);
  // The graph as it was given, for what changes single nodes.
  static std::shared_ptr<const Graph> givenOf(const Napi::Value& value);

  explicit GraphWrap(const Napi::CallbackInfo& info);
  void Finalize(Napi::Env env) override { memory_.release(env); }

 private:
  static const GraphWrap& wrapOf(const Napi::Value& value);
  Napi::Value describe(const Napi::CallbackInfo& info);
  Napi::Value toPlain(const Napi::CallbackInfo& info);
  Napi::Value forward(const Napi::CallbackInfo& info);
  Napi::Value forwardSync(const Napi::CallbackInfo& info);

  std::shared_ptr<const Graph> given_;
  std::shared_ptr<const Graph> folded_;  // `given_` itself where there is nothing to fold
  std::shared_ptr<ForwardPasses> passes_;
  ExternalMemory memory_;
};

}  // namespace spiq
