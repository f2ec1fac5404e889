#pragma once

#include <cstddef>
#include <vector>

#include "base/shape.h"
#include "core/plan/control.h"

namespace spiq {

// Observations that a network is calibrated on.
struct CalibrationRows {
  std::size_t width = 0;
  std::vector<double> values;

  std::size_t count() const { return width == 0 ? 0 : values.size() / width; }
  View<const double> view() const { return {values.data(), values.size()}; }
};

// Rows first, first + stride, ..., at most `most`.
std::vector<std::size_t> everyOther(std::size_t rows, std::size_t first, std::size_t stride,
                                    std::size_t most);

// Those of `values`, `width` numbers each.
template <class T>
std::vector<T> takeRows(const std::vector<T>& values, std::size_t width,
                        const std::vector<std::size_t>& rows) {
  std::vector<T> taken;
  taken.reserve(rows.size() * width);
  for (const std::size_t row : rows) {
    taken.insert(taken.end(), values.begin() + static_cast<std::ptrdiff_t>(row * width),
                 values.begin() + static_cast<std::ptrdiff_t>((row + 1) * width));
  }
  return taken;
}

}  // namespace spiq
