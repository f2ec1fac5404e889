#pragma once

#include <cmath>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

#include "base/status.h"

// The harness of core_tests: CASE("what holds") { EXPECT_...; } registers itself; main.cc runs
// them.

namespace spiq::tests {

struct Case {
  const char* file;
  const char* name;
  void (*body)();
};

inline std::vector<Case>& cases() {
  static std::vector<Case> registered;
  return registered;
}

struct Registration {
  Registration(const char* file, const char* name, void (*body)()) {
    cases().push_back({file, name, body});
  }
};

// Ends its case: what follows a failed expectation mostly fails for the same reason.
struct Failure : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <class T>
std::string show(const T& value) {
  std::ostringstream text;
  text.precision(17);
  text << value;
  return text.str();
}

inline std::string show(Code code) {
  return codeName(code);
}

template <class T>
std::string show(const std::vector<T>& values) {
  std::string text = "[";
  for (const T& value : values) text += (text.size() == 1 ? "" : ", ") + show(value);
  return text + "]";
}

[[noreturn]] inline void fail(const char* file, int line, const std::string& what,
                              const std::string& expected, const std::string& received) {
  throw Failure(std::string(file) + ":" + std::to_string(line) + ": " + what + "\n    expected " +
                expected + "\n    received " + received);
}

template <class A, class B>
void expectEqual(const char* file, int line, const char* what, const A& received,
                 const B& expected) {
  if (!(received == expected)) fail(file, line, what, show(expected), show(received));
}

inline void expectNear(const char* file, int line, const char* what, double received,
                       double expected, double tolerance) {
  if (std::abs(received - expected) <= tolerance) return;
  fail(file, line, what, show(expected) + " within " + show(tolerance), show(received));
}

// The code and a part of the message.
inline void expectStatus(const char* file, int line, const char* what, const Status& status,
                         Code code, const std::string& part) {
  if (status.code() == code && status.message().find(part) != std::string::npos) return;
  fail(file, line, what, std::string(codeName(code)) + " with '" + part + "'",
       std::string(codeName(status.code())) + " with '" + status.message() + "'");
}

}  // namespace spiq::tests

#define SPIQ_JOIN2(a, b) a##b
#define SPIQ_JOIN(a, b) SPIQ_JOIN2(a, b)
#define SPIQ_CASE(name, id)                                                                  \
  static void SPIQ_JOIN(case, id)();                                                         \
  static const ::spiq::tests::Registration SPIQ_JOIN(registration, id)(__FILE__, name,       \
                                                                       SPIQ_JOIN(case, id)); \
  static void SPIQ_JOIN(case, id)()
#define CASE(name) SPIQ_CASE(name, __LINE__)

#define EXPECT_EQUAL(received, expected) \
  ::spiq::tests::expectEqual(__FILE__, __LINE__, #received, received, expected)
#define EXPECT_TRUE(condition) \
  ::spiq::tests::expectEqual(__FILE__, __LINE__, #condition, static_cast<bool>(condition), true)
#define EXPECT_NEAR(received, expected, tolerance) \
  ::spiq::tests::expectNear(__FILE__, __LINE__, #received, received, expected, tolerance)
#define EXPECT_STATUS(status, code, part) \
  ::spiq::tests::expectStatus(__FILE__, __LINE__, #status, status, code, part)
