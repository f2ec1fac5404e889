#include "multiply.h"

#include <algorithm>
#include <memory>

#include "pack.h"

namespace products {
namespace {

// Sizes in elements, for a core with 48 KiB of L1 and 2 MiB of L2: the two depths by measurement among
// 64, 128, 192, 256 and 384, the others from the size of the caches.
constexpr std::size_t blockDepth = 256;     // x 32 columns of b: 32 KiB, half to two thirds of L1
constexpr std::size_t blockRows = 240;      // x blockDepth of a: 240 KiB, a part of L2
constexpr std::size_t blockColumns = 1024;  // x blockDepth of b: 1 MiB, half of L2
constexpr std::size_t packBFromRows = 96;   // fewer rows reuse b too little to repay a copy of it
constexpr std::size_t packAFromColumns = 128;
constexpr std::size_t flipUpToRows = 64;    // wider batches repay transposing b instead
constexpr std::size_t flipFromDepth = 64;
constexpr std::size_t inPlaceDepth = 64;    // of an unpacked b: this strip and the next, prefetched, in L1
constexpr std::size_t shortDepth = 64;      // at most this deep, writing c costs more than reading b
constexpr double threadedFrom = 2e5;        // multiply-adds; below, waking a worker costs more

struct Scratch {
  std::unique_ptr<float[]> a{new float[blockRows * blockDepth]};
  std::unique_ptr<float[]> b{new float[blockColumns * blockDepth]};
  std::unique_ptr<float[]> flipped;
  std::size_t flippedSize = 0;

  float* flippedOf(std::size_t size) {
    if (size > flippedSize) {
      flipped.reset(new float[size]);
      flippedSize = size;
    }
    return flipped.get();
  }
};

Scratch& scratch() {
  static thread_local Scratch mine;
  return mine;
}

Stride stride(std::size_t n) { return static_cast<Stride>(n); }

Product part(const Product& p, std::size_t row, std::size_t rows, std::size_t column,
             std::size_t columns) {
  Product q = p;
  q.rows = rows;
  q.columns = columns;
  q.a += stride(row) * p.aRow;
  q.b += stride(column) * p.bColumn;
  q.c += stride(row) * p.cRow + stride(column);
  return q;
}

// Splits `total` into equal parts of at most `most`, the first ones one larger: no thin last tile.
struct Parts {
  std::size_t count, size, larger;
  Parts(std::size_t total, std::size_t most)
      : count((total + most - 1) / most), size(total / count), larger(total % count) {}
  std::size_t begin(std::size_t i) const { return i * size + std::min(i, larger); }
};

// One block of depth: p.depth <= blockDepth, p.rows <= blockRows, p.columns <= blockColumns; b is packed
// in strips of `width` columns where bDepth says so (then bColumn is the distance between strips).
void multiplyBlock(const Product& p, const Level& level, bool packedB, bool packA) {
  const std::size_t width = 2 * static_cast<std::size_t>(level.laneCount);
  const std::size_t lanes = static_cast<std::size_t>(level.laneCount);
  const Parts tiles(p.rows, static_cast<std::size_t>(level.tileRows));
  float* packed = packA ? scratch().a.get() : nullptr;
  if (packA)
    for (std::size_t t = 0; t < tiles.count; ++t) {
      const std::size_t first = tiles.begin(t), rows = tiles.begin(t + 1) - first;
      pack(p.a + stride(first) * p.aRow, p.aRow, p.aDepth, rows, p.depth,
           packed + first * p.depth, stride(rows));
    }
  const std::size_t strips = (p.columns + width - 1) / width;
  const auto multiplyTile = [&](std::size_t strip, std::size_t t) {
    const std::size_t column = strip * width;
    const std::size_t columns = std::min(width, p.columns - column);
    const std::size_t vectors = (columns + lanes - 1) / lanes;
    const int lastLanes = static_cast<int>(columns - (vectors - 1) * lanes);
    const std::size_t first = tiles.begin(t), rows = tiles.begin(t + 1) - first;
    const bool adjacent = packA || p.aRow == 1;
    const TileJob job{packA ? packed + first * p.depth : p.a + stride(first) * p.aRow,
                      p.aRow,
                      packA ? stride(rows) : p.aDepth,
                      p.b + stride(packedB ? column * p.depth : column),
                      packedB ? stride(width) : p.bDepth,
                      p.c + stride(first) * p.cRow + stride(column),
                      p.cRow,
                      p.depth,
                      lastLanes,
                      t == 0 && !packedB ? stride(width) : 0,
                      p.accumulate};
    level.tiles[adjacent][rows - 1][vectors - 1][lastLanes != level.laneCount](job);
  };
  // A short sum writes c row by row, as c lies in memory. A long one reads a strip of b once from afar and
  // the following times from L1.
  if (p.depth <= shortDepth)
    for (std::size_t t = 0; t < tiles.count; ++t)
      for (std::size_t strip = 0; strip < strips; ++strip) multiplyTile(strip, t);
  else
    for (std::size_t strip = 0; strip < strips; ++strip)
      for (std::size_t t = 0; t < tiles.count; ++t) multiplyTile(strip, t);
}

void multiplyDirect(const Product& p, const Level& level) {
  const std::size_t width = 2 * static_cast<std::size_t>(level.laneCount);
  if (p.rows == 1 && p.bColumn == 1 && p.columns > width) return level.sweepRow(p);
  const bool packB = p.bColumn != 1 || (p.rows >= packBFromRows && p.bDepth > stride(2 * width));
  const bool packA = p.columns >= packAFromColumns && p.rows > static_cast<std::size_t>(level.tileRows);
  const bool farRows = !packB && p.bDepth > stride(2 * width);
  const Parts depths(p.depth, farRows ? inPlaceDepth : blockDepth);
  for (std::size_t column = 0; column < p.columns; column += blockColumns) {
    const std::size_t columns = std::min(blockColumns, p.columns - column);
    for (std::size_t d = 0; d < depths.count; ++d) {
      const std::size_t k = depths.begin(d), depth = depths.begin(d + 1) - k;
      const float* b = p.b + stride(k) * p.bDepth + stride(column) * p.bColumn;
      if (packB) {
        float* packed = scratch().b.get();
        for (std::size_t j = 0; j < columns; j += width)
          pack(b + stride(j) * p.bColumn, p.bColumn, p.bDepth, std::min(width, columns - j), depth,
               packed + j * depth, stride(width));
        b = packed;
      }
      for (std::size_t row = 0; row < p.rows; row += blockRows) {
        Product block = part(p, row, std::min(blockRows, p.rows - row), 0, columns);
        block.a += stride(k) * p.aDepth;
        block.b = b;
        block.c += stride(column);
        block.depth = depth;
        block.accumulate = p.accumulate || d > 0;
        multiplyBlock(block, level, packB, packA);
      }
    }
  }
}

// c transposed = b transposed x a transposed, kept in scratch a block of its rows at a time.
void multiplyFlipped(const Product& p, const Level& level) {
  for (std::size_t column = 0; column < p.columns; column += blockRows) {
    const std::size_t columns = std::min(blockRows, p.columns - column);
    float* flipped = scratch().flippedOf(columns * p.rows);
    float* c = p.c + column;
    if (p.accumulate) pack(c, p.cRow, 1, p.rows, columns, flipped, stride(p.rows));
    multiplyDirect({columns, p.depth, p.rows, p.b + stride(column) * p.bColumn, p.bColumn, p.bDepth,
                    p.a, p.aDepth, p.aRow, flipped, stride(p.rows), p.accumulate},
                   level);
    pack(flipped, stride(p.rows), 1, columns, p.rows, c, p.cRow);
  }
}

bool betterFlipped(const Product& p, const Level& level) {
  const std::size_t lanes = static_cast<std::size_t>(level.laneCount);
  if (p.bColumn != 1 && p.columns > p.rows)
    return p.rows <= flipUpToRows && p.rows >= lanes && p.depth >= flipFromDepth;
  return p.columns < lanes && p.rows >= lanes && p.aRow == 1;
}

// What fits one register tile, such as one observation through a layer of 16: the call is the cost.
bool multiplySingleTile(const Product& p, const Level& level) {
  const int columns = static_cast<int>(p.columns), lanes = level.laneCount;
  if (p.columns > 2 * static_cast<std::size_t>(lanes) || p.columns == 0 || p.bColumn != 1) return false;
  if (p.rows > static_cast<std::size_t>(level.tileRows) || p.rows == 0) return false;
  const bool second = columns > lanes;
  const int lastLanes = second ? columns - lanes : columns;
  level.tiles[p.aRow == 1][p.rows - 1][second][lastLanes != lanes](
      {p.a, p.aRow, p.aDepth, p.b, p.bDepth, p.c, p.cRow, p.depth, lastLanes, 0, p.accumulate});
  return true;
}

void multiplyPart(const Product& p, const Level& level, bool flipped) {
  if (p.rows == 0 || p.columns == 0) return;
  if (flipped) multiplyFlipped(p, level);
  else multiplyDirect(p, level);
}

}  // namespace

void multiply(const Product& p, const Level& level, ThreadPool& pool) {
  if (multiplySingleTile(p, level)) return;
  const bool flipped = betterFlipped(p, level);
  const double work = static_cast<double>(p.rows) * static_cast<double>(p.columns) *
                      static_cast<double>(p.depth);
  if (pool.threads() == 1 || work < threadedFrom) return multiplyPart(p, level, flipped);
  const std::size_t threads = static_cast<std::size_t>(pool.threads());
  const bool byColumns = p.columns >= p.rows;
  // Cuts at whole vectors and whole tiles, so that no thread gets a partial one in the middle.
  const std::size_t total = byColumns ? p.columns : p.rows;
  const std::size_t unit = static_cast<std::size_t>(byColumns ? level.laneCount : level.tileRows);
  const std::size_t units = (total + unit - 1) / unit;
  pool.run([&](int index) {
    const std::size_t i = static_cast<std::size_t>(index);
    const std::size_t begin = std::min(total, units * i / threads * unit);
    const std::size_t end = std::min(total, units * (i + 1) / threads * unit);
    multiplyPart(byColumns ? part(p, 0, p.rows, begin, end - begin)
                           : part(p, begin, end - begin, 0, p.columns),
                 level, flipped);
  });
}

}  // namespace products
