#pragma once

#include <atomic>
#include <memory>
#include <vector>

#include <napi.h>

#include "binding/busy.h"
#include "core/replay/replay.h"

namespace spiq {

// A replay memory and whether a job uses it.
struct ReplayState {
  std::unique_ptr<Replay> replay;
  std::vector<std::uint8_t> frame;    // an observation on its way in
  std::vector<std::int64_t> indices;  // of rows whose errors come
  std::atomic<bool> busy{false};
};

// JavaScript's handle on a replay memory. One call at a time: while a job uses it, all others are
// refused.
class ReplayWrap : public Napi::ObjectWrap<ReplayWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit ReplayWrap(const Napi::CallbackInfo& info);
  // Open and idle, for those who sample natively; they mark it with `Use` for as long as they do.
  static const std::shared_ptr<ReplayState>& stateOf(const Napi::Value& value);

 private:
  using Call = Napi::Value (*)(ReplayState&, const Napi::CallbackInfo&);
  static ReplayWrap& of(const Napi::Value& value);
  // A function that needs no `this`: small calls are made in great numbers.
  template <Call call>
  Napi::Value bound(const Napi::CallbackInfo& info);

  Napi::Value bytes(const Napi::CallbackInfo& info);
  Napi::Value saveBlocks(const Napi::CallbackInfo& info);
  Napi::Value saveBlock(const Napi::CallbackInfo& info);
  void restoreBlock(const Napi::CallbackInfo& info);
  void flush(const Napi::CallbackInfo& info);
  void verify(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  Slot<ReplayState> slot_;
};

// What the head of a replay file says: replayFile(path).
Napi::Value replayFile(const Napi::CallbackInfo& info);

}  // namespace spiq
