#pragma once
#include "product.h"

namespace products {

// One register tile: up to tileRows x (2 vectors) of c, summed over `depth` in ascending order, one
// multiply-add a step. Resuming from c (`accumulate`) continues the same chain of roundings,
// therefore neither blocking of the depth nor the tile's place changes a bit of the result.
struct TileJob {
  const float* a;
  Stride aRow, aDepth;  // aRow is ignored (taken as 1) by the tiles for adjacent rows
  const float* b;
  Stride bDepth;
  float* c;
  Stride cRow;
  std::size_t depth;
  int lastLanes;         // columns used of the last vector
  Stride prefetchAhead;  // floats from the columns read now to those that the next tile reads
  bool accumulate;
};

using Tile = void (*)(const TileJob&);

// c[0..columns) for a single row of a; b is read as eight sequential streams, never twice.
using RowSweep = void (*)(const Product&);

struct Level {
  const char* name;
  int laneCount;
  int tileRows;
  Tile tiles[2][12][2]
            [2];  // [rows of a adjacent in memory][rows - 1][vectors - 1][last vector partial]
  RowSweep sweepRow;
};

extern const Level baselineTiles;
#if defined(PRODUCTS_X86)
extern const Level avx2Tiles;
extern const Level avx512Tiles;
#endif
// The level of that name, or null where this build or this processor has none.
const Level* findLevel(const char* name);

}  // namespace products
