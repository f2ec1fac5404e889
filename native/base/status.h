#pragma once

#include <string>
#include <utility>
#include <variant>

namespace spiq {

// The core's share of the codes in ts/errors.ts; codeName gives their spelling there.
enum class Code {
  Ok,
  Argument,
  Range,
  Shape,
  NotFinite,
  Graph,
  Unsupported,
  State,
  BufferBusy,
  Cancelled,
  Memory,
  File,
  Format,
  Version,
  Internal,
};

const char* codeName(Code code);

class [[nodiscard]] Status {
 public:
  Status() = default;
  Status(Code code, std::string message) : code_(code), message_(std::move(message)) {}

  bool ok() const { return code_ == Code::Ok; }
  Code code() const { return code_; }
  const std::string& message() const { return message_; }

 private:
  Code code_ = Code::Ok;
  std::string message_;
};

// The one message form: what was wrong, what was expected, what came.
Status mismatch(Code code, const std::string& what, const std::string& expected,
                const std::string& received);

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::move(value)) {}
  Result(Status status) : content_(std::move(status)) {}

  bool ok() const { return std::holds_alternative<T>(content_); }
  T& value() { return std::get<T>(content_); }
  const T& value() const { return std::get<T>(content_); }
  T take() { return std::move(std::get<T>(content_)); }
  Status status() const { return ok() ? Status() : std::get<Status>(content_); }

 private:
  std::variant<T, Status> content_;
};

// The shortest decimal that a reader of an error message needs.
std::string showNumber(double value);

}  // namespace spiq
