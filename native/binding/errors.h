#pragma once

#include <napi.h>

#include "base/status.h"

namespace spiq {

// A JavaScript Error with `code`; the façade turns it into a SpiqError.
Napi::Error toError(Napi::Env env, const Status& status);

inline void throwIfFailed(Napi::Env env, const Status& status) {
  if (!status.ok()) throw toError(env, status);
}

template <class T>
T takeOrThrow(Napi::Env env, Result<T> result) {
  throwIfFailed(env, result.status());
  return result.take();
}

// What a JavaScript value is, for the last part of a message.
std::string describe(const Napi::Value& value);

}  // namespace spiq
