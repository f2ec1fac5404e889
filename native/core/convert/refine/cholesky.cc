#include "core/convert/refine/cholesky.h"

#include <cmath>

namespace spiq {

namespace {

bool factor(std::vector<double>& a, std::size_t n) {
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t column = 0; column <= row; ++column) {
      double sum = a[row * n + column];
      for (std::size_t k = 0; k < column; ++k) sum -= a[row * n + k] * a[column * n + k];
      if (row != column) {
        a[row * n + column] = sum / a[column * n + column];
        continue;
      }
      if (!(sum > 0)) return false;
      a[row * n + row] = std::sqrt(sum);
    }
  }
  return true;
}

}  // namespace

bool solveCholesky(std::vector<double>& a, std::size_t n, std::vector<double>& b,
                   std::size_t columns) {
  if (!factor(a, n)) return false;
  for (std::size_t row = 0; row < n; ++row) {
    for (std::size_t c = 0; c < columns; ++c) {
      double sum = b[row * columns + c];
      for (std::size_t k = 0; k < row; ++k) sum -= a[row * n + k] * b[k * columns + c];
      b[row * columns + c] = sum / a[row * n + row];
    }
  }
  for (std::size_t row = n; row-- > 0;) {
    for (std::size_t c = 0; c < columns; ++c) {
      double sum = b[row * columns + c];
      for (std::size_t k = row + 1; k < n; ++k) sum -= a[k * n + row] * b[k * columns + c];
      b[row * columns + c] = sum / a[row * n + row];
    }
  }
  return true;
}

}  // namespace spiq
