#pragma once

#include <cstring>
#include <string>
#include <vector>

#include <napi.h>

#include "base/shape.h"
#include "binding/errors.h"

namespace spiq {

template <class T>
struct JsArray;
template <>
struct JsArray<float> {
  using Type = Napi::Float32Array;
};
template <>
struct JsArray<double> {
  using Type = Napi::Float64Array;
};
template <>
struct JsArray<std::int32_t> {
  using Type = Napi::Int32Array;
};
template <>
struct JsArray<std::uint32_t> {
  using Type = Napi::Uint32Array;
};
template <>
struct JsArray<std::int8_t> {
  using Type = Napi::Int8Array;
};
template <>
struct JsArray<std::uint8_t> {
  using Type = Napi::Uint8Array;
};

template <class T>
Napi::Value toJs(Napi::Env env, const std::vector<T>& values) {
  auto array = JsArray<T>::Type::New(env, values.size());
  if (!values.empty()) std::memcpy(array.Data(), values.data(), values.size() * sizeof(T));
  return array;
}

// Observations as the engine wants them: either the caller's memory (when the type fits) or a
// converted copy.
template <class Real>
class RealInput {
 public:
  RealInput(const Napi::Value& value, const std::string& what) {
    if (!value.IsTypedArray() || !read(value.As<Napi::TypedArray>())) {
      throw toError(value.Env(), mismatch(Code::Argument, what, "a Float32Array or a Float64Array",
                                          describe(value)));
    }
  }

  View<const Real> view() const {
    return owned_.empty() ? borrowed_ : View<const Real>{owned_.data(), owned_.size()};
  }
  bool borrows() const { return owned_.empty() && borrowed_.size != 0; }
  void own() {
    if (borrows()) owned_.assign(borrowed_.data, borrowed_.data + borrowed_.size);
  }

 private:
  bool read(const Napi::TypedArray& array) {
    switch (array.TypedArrayType()) {
      case napi_float32_array:
        take(array.As<Napi::Float32Array>());
        return true;
      case napi_float64_array:
        take(array.As<Napi::Float64Array>());
        return true;
      default:
        return false;
    }
  }
  template <class Array>
  void take(const Array& array) {
    if constexpr (std::is_same_v<Array, typename JsArray<Real>::Type>) {
      borrowed_ = {array.Data(), array.ElementLength()};
    } else {
      owned_.assign(array.Data(), array.Data() + array.ElementLength());
    }
  }

  View<const Real> borrowed_{nullptr, 0};
  std::vector<Real> owned_;
};

}  // namespace spiq
