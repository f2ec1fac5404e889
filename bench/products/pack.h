#pragma once
#include "product.h"

namespace products {

// to[k * toDepth + line] = from[line * fromLine + k * fromDepth] for line < lines, k < depth.
void pack(const float* from, Stride fromLine, Stride fromDepth, std::size_t lines,
          std::size_t depth, float* to, Stride toDepth);

}  // namespace products
