#pragma once
#include <cstddef>

namespace products {

using Stride = std::ptrdiff_t;

// c[i, j] = (accumulate ? c[i, j] : 0) + sum over k of a[i, k] * b[k, j]; strides in elements, so
// that a transposed operand is the same memory with its two strides exchanged. Rows of c are
// contiguous; depth is at least 1.
struct Product {
  std::size_t rows, depth, columns;
  const float* a;
  Stride aRow, aDepth;
  const float* b;
  Stride bDepth, bColumn;
  float* c;
  Stride cRow;
  bool accumulate;
};

}  // namespace products
