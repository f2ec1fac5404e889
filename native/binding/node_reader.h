#pragma once

#include <napi.h>

#include "core/graph/graph.h"

namespace spiq {

// A node in the spelling of ts/graph.ts. Throws where a field is missing, unknown or of another
// type.
Node nodeFromJs(const Napi::Value& value);

}  // namespace spiq
