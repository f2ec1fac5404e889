#pragma once

#include <cstdint>

#include <napi.h>

namespace spiq {

// Memory outside JavaScript's heap that an object of JavaScript holds: its garbage collector looks
// sooner for what is no longer used where it knows of it. `release` comes once, with Finalize or
// before it.
class ExternalMemory {
 public:
  void hold(Napi::Env env, std::size_t bytes) {
    bytes_ = static_cast<std::int64_t>(bytes);
    Napi::MemoryManagement::AdjustExternalMemory(env, bytes_);
  }
  void release(Napi::Env env) {
    Napi::MemoryManagement::AdjustExternalMemory(env, -bytes_);
    bytes_ = 0;
  }

 private:
  std::int64_t bytes_ = 0;
};

}  // namespace spiq
