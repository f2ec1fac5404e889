#pragma once

#include <cstdint>

#include <napi.h>

namespace spiq {

// Arguments of calls that run no JavaScript, so that pointers into its arrays stay valid. Throw
// E_ARGUMENT, E_RANGE.
double numberOf(const Napi::Value& value, const char* what);
std::int64_t wholeOf(const Napi::Value& value, const char* what, double least, double most);

}  // namespace spiq
