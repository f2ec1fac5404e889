#include "binding/errors.h"

namespace spiq {

Napi::Error toError(Napi::Env env, const Status& status) {
  Napi::Error error = Napi::Error::New(env, status.message());
  error.Value().Set("code", Napi::String::New(env, codeName(status.code())));
  return error;
}

std::string describe(const Napi::Value& value) {
  switch (value.Type()) {
    case napi_undefined:
      return "undefined";
    case napi_null:
      return "null";
    case napi_boolean:
      return value.As<Napi::Boolean>() ? "true" : "false";
    case napi_number:
      return showNumber(value.As<Napi::Number>());
    case napi_string:
      return "'" + value.As<Napi::String>().Utf8Value().substr(0, 60) + "'";
    case napi_symbol:
      return "a symbol";
    case napi_function:
      return "a function";
    case napi_bigint:
      return "a bigint";
    case napi_external:
    case napi_object:
      break;
  }
  if (value.IsArray()) return "an array";
  if (value.IsTypedArray()) return "another kind of typed array";
  return "an object";
}

}  // namespace spiq
