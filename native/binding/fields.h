#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <napi.h>

#include "binding/errors.h"

namespace spiq {

template <class E>
using Names = std::vector<std::pair<const char*, E>>;

// Reads an options object by declaration: each call names a field, its kind and its limits, and
// `finish` refuses whatever was not declared. Absent (or undefined) fields leave the target as it
// is. Throws JavaScript errors.
class Fields {
 public:
  Fields(const Napi::Value& value, std::string what);

  void number(const char* name, double& target);
  void number(const char* name, std::optional<double>& target);
  void integer(const char* name, std::int64_t& target, std::int64_t least, std::int64_t most);
  void boolean(const char* name, bool& target);
  void text(const char* name, std::string& target);
  template <class E>
  void choice(const char* name, E& target, const Names<E>& names);
  template <class E>
  void choice(const char* name, std::optional<E>& target, const Names<E>& names);
  // The value itself, undefined where absent.
  Napi::Value value(const char* name);
  Napi::Value required(const char* name, const char* expected);

  void finish() const;

  const std::string& what() const { return what_; }

 private:
  std::string label(const char* name) const { return what_ + " '" + name + "'"; }
  std::size_t indexIn(const char* name, const Napi::Value& value,
                      const std::vector<const char*>& known) const;
  [[noreturn]] void fail(const char* name, const std::string& expected, const Napi::Value& value,
                         Code code = Code::Argument) const;

  Napi::Object object_;
  std::string what_;
  std::vector<std::string> declared_;
};

template <class E>
void Fields::choice(const char* name, std::optional<E>& target, const Names<E>& names) {
  const Napi::Value given = value(name);
  if (given.IsUndefined()) return;
  std::vector<const char*> known;
  for (const auto& entry : names) known.push_back(entry.first);
  target = names[indexIn(name, given, known)].second;
}

template <class E>
void Fields::choice(const char* name, E& target, const Names<E>& names) {
  std::optional<E> chosen;
  choice(name, chosen, names);
  target = chosen.value_or(target);
}

}  // namespace spiq
