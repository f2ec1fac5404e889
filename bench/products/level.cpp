#include <cstring>

#include "tiles.h"

namespace products {

const Level* findLevel(const char* name) {
  if (std::strcmp(name, "baseline") == 0) return &baselineTiles;
#if defined(PRODUCTS_X86)
  if (std::strcmp(name, "avx2") == 0 && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    return &avx2Tiles;
  if (std::strcmp(name, "avx512") == 0 && __builtin_cpu_supports("avx512f")) return &avx512Tiles;
#endif
  return nullptr;
}

}  // namespace products
