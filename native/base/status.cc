#include "base/status.h"

#include <cmath>
#include <cstdio>

namespace spiq {

const char* codeName(Code code) {
  switch (code) {
    case Code::Ok:
      return "OK";
    case Code::Argument:
      return "E_ARGUMENT";
    case Code::Range:
      return "E_RANGE";
    case Code::Shape:
      return "E_SHAPE";
    case Code::NotFinite:
      return "E_NOT_FINITE";
    case Code::Graph:
      return "E_GRAPH";
    case Code::Unsupported:
      return "E_UNSUPPORTED";
    case Code::State:
      return "E_STATE";
    case Code::BufferBusy:
      return "E_BUFFER_BUSY";
    case Code::Cancelled:
      return "E_CANCELLED";
    case Code::Memory:
      return "E_MEMORY";
    case Code::File:
      return "E_FILE";
    case Code::Format:
      return "E_FORMAT";
    case Code::Version:
      return "E_VERSION";
    case Code::Internal:
      return "E_INTERNAL";
  }
  return "E_INTERNAL";
}

Status mismatch(Code code, const std::string& what, const std::string& expected,
                const std::string& received) {
  return {code, what + ": expected " + expected + ", received " + received};
}

std::string showNumber(double value) {
  if (std::isnan(value)) return "NaN";
  if (std::isinf(value)) return value > 0 ? "Infinity" : "-Infinity";
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  return text;
}

}  // namespace spiq
