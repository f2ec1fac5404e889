#pragma once

#include <atomic>
#include <memory>
#include <string>

#include <napi.h>

#include "binding/errors.h"

namespace spiq {

// Marks what takes one call at a time as in use, until it goes.
class Use {
 public:
  explicit Use(std::atomic<bool>& busy) : busy_(busy) {}
  ~Use() { busy_ = false; }
  Use(const Use&) = delete;
  Use& operator=(const Use&) = delete;

 private:
  std::atomic<bool>& busy_;
};

// What an object of JavaScript and its bound functions share; null once closed.
template <class T>
using Slot = std::shared_ptr<std::shared_ptr<T>>;

// What is in the slot, where it is open and no job uses it.
template <class T>
const std::shared_ptr<T>& idle(Napi::Env env, const Slot<T>& slot, const char* what) {
  const std::shared_ptr<T>& content = *slot;
  if (content == nullptr) {
    throw toError(env, mismatch(Code::State, what, "an open one", "a closed one"));
  }
  if (content->busy) {
    throw toError(
        env, mismatch(Code::State, what, "one that no running job uses", "one in use by a job"));
  }
  return content;
}

}  // namespace spiq
