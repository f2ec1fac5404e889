#pragma once

#include <string>
#include <type_traits>
#include <vector>

#include <napi.h>

#include "base/shape.h"
#include "binding/addon_data.h"
#include "binding/errors.h"

namespace spiq {

template <class T>
constexpr napi_typedarray_type typedArrayOf() {
  if constexpr (std::is_same_v<T, float>) return napi_float32_array;
  if constexpr (std::is_same_v<T, double>) return napi_float64_array;
  if constexpr (std::is_same_v<T, std::int32_t>) return napi_int32_array;
  if constexpr (std::is_same_v<T, std::uint32_t>) return napi_uint32_array;
  return napi_uint8_array;
}

template <class T>
constexpr const char* typedArrayName() {
  if constexpr (std::is_same_v<T, float>) return "a Float32Array";
  if constexpr (std::is_same_v<T, double>) return "a Float64Array";
  if constexpr (std::is_same_v<T, std::int32_t>) return "an Int32Array";
  if constexpr (std::is_same_v<T, std::uint32_t>) return "a Uint32Array";
  return "a Uint8Array";
}

// A typed array as a call reads it: the caller's memory where the type fits, else a converted copy.
// One query of Node-API for each, since small calls are made in great numbers. Absent (undefined)
// is empty.
template <class T>
class TypedInput {
 public:
  TypedInput(const Napi::Value& value, const char* what) {
    napi_typedarray_type type = napi_int8_array;
    std::size_t size = 0;
    void* data = nullptr;
    if (napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr) !=
        napi_ok) {
      if (!value.IsUndefined()) refuse(value, what);
      return;
    }
    if (type == typedArrayOf<T>()) {
      view_ = {static_cast<const T*>(data), size};
      check(value, size * sizeof(T));
    } else if (type == napi_float64_array && std::is_floating_point_v<T>) {
      convert(static_cast<const double*>(data), size);
    } else if (type == napi_float32_array && std::is_floating_point_v<T>) {
      convert(static_cast<const float*>(data), size);
    } else {
      refuse(value, what);
    }
  }

  View<const T> view() const {
    return owned_.empty() ? view_ : View<const T>{owned_.data(), owned_.size()};
  }
  // For work that outlives the call.
  TypedInput& own() {
    if (owned_.empty()) owned_.assign(view_.data, view_.data + view_.size);
    return *this;
  }

 private:
  template <class Other>
  void convert(const Other* values, std::size_t size) {
    owned_.assign(values, values + size);
  }
  void check(const Napi::Value& value, std::size_t bytes) const {
    const auto* begin = reinterpret_cast<const std::uint8_t*>(view_.data);
    AddonData::of(value.Env())
        .leases.check(value.Env(), {begin, begin + bytes, LeaseTable::Use::Read});
  }
  [[noreturn]] static void refuse(const Napi::Value& value, const char* what) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, what, typedArrayName<T>(), describe(value)));
  }

  View<const T> view_{nullptr, 0};
  std::vector<T> owned_;
};

// Memory of the caller's to write to, of any size.
template <class T>
View<T> typedPlace(const Napi::Value& value, const char* what) {
  napi_typedarray_type type = napi_int8_array;
  std::size_t size = 0;
  void* data = nullptr;
  const napi_status status =
      napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr);
  if (status != napi_ok || type != typedArrayOf<T>()) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, what, typedArrayName<T>(), describe(value)));
  }
  const auto* begin = static_cast<const std::uint8_t*>(data);
  AddonData::of(value.Env())
      .leases.check(value.Env(), {begin, begin + size * sizeof(T), LeaseTable::Use::Write});
  return {static_cast<T*>(data), size};
}

template <class T>
View<T> typedOutput(const Napi::Value& value, const char* what, std::size_t expected) {
  const View<T> place = typedPlace<T>(value, what);
  if (place.size != expected) {
    throw toError(value.Env(), mismatch(Code::Shape, what, std::to_string(expected) + " values",
                                        std::to_string(place.size)));
  }
  return place;
}

}  // namespace spiq
