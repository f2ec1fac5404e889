// Compiled once per instruction level (see CMakeLists.txt).
#include "tiles.h"

#include <utility>

#include "lanes.h"

namespace products {
namespace PRODUCTS_LEVEL {
namespace {

template <int rows, int vectors, bool adjacent, bool partial>
void tile(const TileJob& job) {
  Lanes sum[rows][vectors];
  float* c = job.c;
  const int last = job.lastLanes;
  const auto loadPart = [last](const float* p, int v) {
    return partial && v == vectors - 1 ? load(p, last) : load(p);
  };
#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v)
      sum[r][v] = job.accumulate ? loadPart(c + r * job.cRow + v * laneCount, v) : zero();

  // Three rows share a base pointer: [p], [p + s], [p + 2s] are single address forms on x86, and twelve
  // separate pointers would not fit the general registers.
  const Stride aRow = adjacent ? 1 : job.aRow;
  constexpr int bases = (rows + 2) / 3;
  const float* a[bases];
#pragma GCC unroll 4
  for (int g = 0; g < bases; ++g) a[g] = job.a + 3 * g * aRow;
  const float* b = job.b;
  const Stride ahead = job.prefetchAhead;
  for (std::size_t k = 0; k < job.depth; ++k) {
    Lanes x[vectors];
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      x[v] = loadPart(b + v * laneCount, v);
      __builtin_prefetch(b + ahead + v * laneCount);
    }
#pragma GCC unroll 16
    for (int r = 0; r < rows; ++r) {
      const Lanes w = broadcast(a[r / 3][(r % 3) * aRow]);
#pragma GCC unroll 2
      for (int v = 0; v < vectors; ++v) sum[r][v] = multiplyAdd(w, x[v], sum[r][v]);
    }
#pragma GCC unroll 4
    for (int g = 0; g < bases; ++g) a[g] += job.aDepth;
    b += job.bDepth;
  }

#pragma GCC unroll 16
  for (int r = 0; r < rows; ++r)
#pragma GCC unroll 2
    for (int v = 0; v < vectors; ++v) {
      float* p = c + r * job.cRow + v * laneCount;
      if (partial && v == vectors - 1) store(p, sum[r][v], last);
      else store(p, sum[r][v]);
    }
}

template <int group>
void sweepGroup(const float* a, Stride aDepth, const float* b, Stride bDepth, float* c,
                std::size_t columns, bool accumulate) {
  Lanes w[group];
#pragma GCC unroll 8
  for (int g = 0; g < group; ++g) w[g] = broadcast(a[g * aDepth]);
  std::size_t j = 0;
  for (; j + laneCount <= columns; j += laneCount) {
    Lanes sum = accumulate ? load(c + j) : zero();
#pragma GCC unroll 8
    for (int g = 0; g < group; ++g) sum = multiplyAdd(w[g], load(b + g * bDepth + j), sum);
    store(c + j, sum);
  }
  if (j == columns) return;
  const int rest = static_cast<int>(columns - j);
  Lanes sum = accumulate ? load(c + j, rest) : zero();
#pragma GCC unroll 8
  for (int g = 0; g < group; ++g) sum = multiplyAdd(w[g], load(b + g * bDepth + j, rest), sum);
  store(c + j, sum, rest);
}

void sweepRow(const Product& p) {
  bool accumulate = p.accumulate;
  std::size_t k = 0;
  for (; k + 8 <= p.depth; k += 8, accumulate = true)
    sweepGroup<8>(p.a + static_cast<Stride>(k) * p.aDepth, p.aDepth,
                  p.b + static_cast<Stride>(k) * p.bDepth, p.bDepth, p.c, p.columns, accumulate);
  for (; k < p.depth; ++k, accumulate = true)
    sweepGroup<1>(p.a + static_cast<Stride>(k) * p.aDepth, p.aDepth,
                  p.b + static_cast<Stride>(k) * p.bDepth, p.bDepth, p.c, p.columns, accumulate);
}

template <bool adjacent, std::size_t... row>
constexpr void fill(Level& level, std::index_sequence<row...>) {
  ((level.tiles[adjacent][row][0][0] = tile<row + 1, 1, adjacent, false>,
    level.tiles[adjacent][row][0][1] = tile<row + 1, 1, adjacent, true>,
    level.tiles[adjacent][row][1][0] = tile<row + 1, 2, adjacent, false>,
    level.tiles[adjacent][row][1][1] = tile<row + 1, 2, adjacent, true>),
   ...);
}

#define PRODUCTS_TEXT_OF(name) #name
#define PRODUCTS_TEXT(name) PRODUCTS_TEXT_OF(name)

constexpr Level describe() {
  Level level{PRODUCTS_TEXT(PRODUCTS_LEVEL), laneCount, tileRows, {}, sweepRow};
  fill<false>(level, std::make_index_sequence<tileRows>());
  fill<true>(level, std::make_index_sequence<tileRows>());
  return level;
}

}  // namespace
}  // namespace PRODUCTS_LEVEL
}  // namespace products

namespace products {
extern const Level PRODUCTS_TABLE;
constexpr Level PRODUCTS_TABLE = PRODUCTS_LEVEL::describe();
}  // namespace products
