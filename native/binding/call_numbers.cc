#include "binding/call_numbers.h"

#include <cmath>

#include "binding/errors.h"

namespace spiq {

double numberOf(const Napi::Value& value, const char* what) {
  double number = 0;
  if (napi_get_value_double(value.Env(), value, &number) != napi_ok)
    throw toError(value.Env(), mismatch(Code::Argument, what, "a number", describe(value)));
  return number;
}

std::int64_t wholeOf(const Napi::Value& value, const char* what, double least, double most) {
  const double number = numberOf(value, what);
  if (!(number >= least && number <= most) || std::floor(number) != number) {
    throw toError(value.Env(),
                  mismatch(Code::Range, what,
                           "a whole number from " + showNumber(least) + " to " + showNumber(most),
                           describe(value)));
  }
  return static_cast<std::int64_t>(number);
}

}  // namespace spiq
