#pragma once

#include <string>

#include <napi.h>

#include "core/graph/shapes.h"

namespace spiq {

// Tensors and lists of sizes as ts/graph.ts has them. What is not one throws; whether the sizes
// suit a node is for the core to say.
Shape shapeFromJs(const Napi::Value& value, const std::string& what);
Sizes sizesFromJs(const Napi::Value& value, const std::string& what);
Tensor tensorFromJs(const Napi::Value& value, const std::string& what);

Napi::Array sizesToJs(Napi::Env env, const Sizes& sizes);
Napi::Object tensorToJs(Napi::Env env, const Tensor& tensor);

}  // namespace spiq
