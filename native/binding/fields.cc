#include "binding/fields.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace spiq {

Fields::Fields(const Napi::Value& value, std::string what) : what_(std::move(what)) {
  if (value.IsUndefined()) {
    object_ = Napi::Object::New(value.Env());
  } else if (value.IsObject() && !value.IsArray() && !value.IsFunction()) {
    object_ = value.As<Napi::Object>();
  } else {
    throw toError(value.Env(), mismatch(Code::Argument, what_, "an object", describe(value)));
  }
}

Napi::Value Fields::value(const char* name) {
  declared_.emplace_back(name);
  return object_.Get(name);
}

Napi::Value Fields::required(const char* name, const char* expected) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) fail(name, expected, given);
  return given;
}

void Fields::fail(const char* name, const std::string& expected, const Napi::Value& value,
                  Code code) const {
  throw toError(value.Env(), mismatch(code, label(name), expected, describe(value)));
}

void Fields::number(const char* name, std::optional<double>& target) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) return;
  if (!given.IsNumber()) fail(name, "a number", given);
  target = given.As<Napi::Number>().DoubleValue();
}

void Fields::number(const char* name, double& target) {
  std::optional<double> read;
  number(name, read);
  target = read.value_or(target);
}

void Fields::integer(const char* name, std::int64_t& target, std::int64_t least,
                     std::int64_t most) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) return;
  const std::string expected =
      "a whole number from " + std::to_string(least) + " to " + std::to_string(most);
  if (!given.IsNumber()) fail(name, expected, given);
  const double read = given.As<Napi::Number>().DoubleValue();
  const bool inside = read >= static_cast<double>(least) && read <= static_cast<double>(most);
  if (!inside || std::floor(read) != read) fail(name, expected, given, Code::Range);
  target = static_cast<std::int64_t>(read);
}

void Fields::boolean(const char* name, bool& target) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) return;
  if (!given.IsBoolean()) fail(name, "true or false", given);
  target = given.As<Napi::Boolean>();
}

void Fields::text(const char* name, std::string& target) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) return;
  if (!given.IsString()) fail(name, "a string", given);
  target = given.As<Napi::String>().Utf8Value();
}

std::size_t Fields::indexIn(const char* name, const Napi::Value& value,
                            const std::vector<const char*>& known) const {
  std::string expected = "one of";
  for (const char* candidate : known)
    expected += std::string(expected == "one of" ? " " : ", ") + candidate;
  if (!value.IsString()) fail(name, expected, value);
  const std::string given = value.As<Napi::String>().Utf8Value();
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (given == known[i]) return i;
  }
  fail(name, expected, value);
}

void Fields::finish() const {
  const Napi::Array names = object_.GetPropertyNames();
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    const std::string name = names.Get(i).ToString().Utf8Value();
    if (std::find(declared_.begin(), declared_.end(), name) != declared_.end()) continue;
    std::string known;
    for (const std::string& declared : declared_) known += (known.empty() ? "" : ", ") + declared;
    throw toError(object_.Env(),
                  mismatch(Code::Argument, what_, "only the names " + known, "'" + name + "'"));
  }
}

}  // namespace spiq
