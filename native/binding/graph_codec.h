#pragma once

#include <napi.h>

#include "core/graph/graph.h"

namespace spiq {

// Between the plain object of ts/graph.ts and the native graph. `conversion` is the façade's and
// passes by.
Graph graphFromJs(const Napi::Value& value);
Napi::Object graphToJs(Napi::Env env, const Graph& graph);

}  // namespace spiq
