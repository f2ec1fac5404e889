#include "binding/tensor_codec.h"

#include <cmath>

#include "binding/arrays.h"
#include "binding/fields.h"

namespace spiq {

namespace {

// Numbers up to here are whole in a double and fit the core's integers.
constexpr auto kMaxSize = static_cast<double>(kMaxElements);

std::vector<std::int64_t> wholeNumbers(const Napi::Value& value, const std::string& what,
                                       double least, const char* expected) {
  if (!value.IsArray())
    throw toError(value.Env(),
                  mismatch(Code::Argument, what, "an array of sizes", describe(value)));
  const auto array = value.As<Napi::Array>();
  std::vector<std::int64_t> numbers;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value size = array.Get(i);
    const double number = size.IsNumber() ? size.As<Napi::Number>().DoubleValue() : std::nan("");
    if (!(number >= least && number <= kMaxSize) || number != std::floor(number))
      throw toError(value.Env(), mismatch(Code::Shape, what, expected, describe(size)));
    numbers.push_back(static_cast<std::int64_t>(number));
  }
  return numbers;
}

}  // namespace

Shape shapeFromJs(const Napi::Value& value, const std::string& what) {
  return wholeNumbers(value, what, 1, "whole sizes of at least 1");
}

Sizes sizesFromJs(const Napi::Value& value, const std::string& what) {
  Sizes sizes = wholeNumbers(value, what, -kMaxSize, "whole sizes");
  // To the core an empty list is one that was left out.
  if (sizes.empty())
    throw toError(value.Env(), mismatch(Code::Shape, what, "at least one size", "none"));
  return sizes;
}

Tensor tensorFromJs(const Napi::Value& value, const std::string& what) {
  Fields fields(value, what);
  Tensor tensor;
  tensor.shape = shapeFromJs(fields.required("shape", "an array of sizes"), what + " shape");
  const Napi::Value data = fields.required("data", "a Float32Array");
  if (!data.IsTypedArray() || data.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, what + " data", "a Float32Array", describe(data)));
  }
  const auto array = data.As<Napi::Float32Array>();
  tensor.data.assign(array.Data(), array.Data() + array.ElementLength());
  fields.finish();
  return tensor;
}

Napi::Array sizesToJs(Napi::Env env, const Sizes& sizes) {
  Napi::Array array = Napi::Array::New(env, sizes.size());
  for (std::uint32_t i = 0; i < sizes.size(); ++i) array.Set(i, static_cast<double>(sizes[i]));
  return array;
}

Napi::Object tensorToJs(Napi::Env env, const Tensor& tensor) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("shape", sizesToJs(env, tensor.shape));
  object.Set("data", toJs(env, tensor.data));
  return object;
}

}  // namespace spiq
