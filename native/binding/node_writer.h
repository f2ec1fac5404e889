#pragma once

#include <napi.h>

#include "core/graph/graph.h"

namespace spiq {

// The node in the spelling of ts/graph.ts; optional fields only where they differ from the default.
Napi::Object nodeToJs(Napi::Env env, const Node& node);

}  // namespace spiq
