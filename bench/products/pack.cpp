#include "pack.h"

#include <cstring>

namespace products {
namespace {

typedef float Four __attribute__((vector_size(16)));

Four load(const float* p) {
  Four x;
  std::memcpy(&x, p, sizeof x);
  return x;
}
void store(float* p, Four x) { std::memcpy(p, &x, sizeof x); }

void transpose4x4(const float* from, Stride fromLine, float* to, Stride toDepth) {
  const Four a = load(from), b = load(from + fromLine);
  const Four c = load(from + 2 * fromLine), d = load(from + 3 * fromLine);
  const Four abLow = __builtin_shufflevector(a, b, 0, 4, 1, 5);
  const Four abHigh = __builtin_shufflevector(a, b, 2, 6, 3, 7);
  const Four cdLow = __builtin_shufflevector(c, d, 0, 4, 1, 5);
  const Four cdHigh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
  store(to, __builtin_shufflevector(abLow, cdLow, 0, 1, 4, 5));
  store(to + toDepth, __builtin_shufflevector(abLow, cdLow, 2, 3, 6, 7));
  store(to + 2 * toDepth, __builtin_shufflevector(abHigh, cdHigh, 0, 1, 4, 5));
  store(to + 3 * toDepth, __builtin_shufflevector(abHigh, cdHigh, 2, 3, 6, 7));
}

}  // namespace

void pack(const float* from, Stride fromLine, Stride fromDepth, std::size_t lines, std::size_t depth,
          float* to, Stride toDepth) {
  if (fromLine == 1) {
    for (std::size_t k = 0; k < depth; ++k)
      std::memcpy(to + static_cast<Stride>(k) * toDepth, from + static_cast<Stride>(k) * fromDepth,
                  lines * sizeof(float));
    return;
  }
  const std::size_t squareLines = fromDepth == 1 ? lines - lines % 4 : 0;
  const std::size_t squareDepth = depth - depth % 4;
  // Depth outside: the 16 or so lines read side by side stay in L1 until their cache line is used up.
  for (std::size_t k = 0; k < squareDepth; k += 4)
    for (std::size_t line = 0; line < squareLines; line += 4)
      transpose4x4(from + static_cast<Stride>(line) * fromLine + static_cast<Stride>(k), fromLine,
                   to + static_cast<Stride>(k) * toDepth + static_cast<Stride>(line), toDepth);
  for (std::size_t k = 0; k < depth; ++k)
    for (std::size_t line = k < squareDepth ? squareLines : 0; line < lines; ++line)
      to[static_cast<Stride>(k) * toDepth + static_cast<Stride>(line)] =
          from[static_cast<Stride>(line) * fromLine + static_cast<Stride>(k) * fromDepth];
}

}  // namespace products
