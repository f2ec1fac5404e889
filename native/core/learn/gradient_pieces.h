#pragma once

#include <cstddef>
#include <functional>
#include <limits>

namespace spiq {

// Gradients of one parameter that are made when they are used, a piece at a time: all together they
// would leave the cache before anybody reads them.
template <class Real>
struct GradientPieces {
  // Of the values first, first + 1, ...
  struct Piece {
    std::size_t first;
    std::size_t size;
    Real* gradient;
  };

  std::size_t parameter = 0;
  std::size_t count = 0;
  double most = std::numeric_limits<double>::infinity();  // no gradient is further from 0; infinite
                                                          // where nobody knows
  // Good until the worker's next call.
  std::function<Piece(std::size_t piece, std::size_t worker)> make = {};
};

}  // namespace spiq
