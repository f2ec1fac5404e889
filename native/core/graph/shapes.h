#pragma once

#include <string>
#include <vector>

#include "base/shape.h"

namespace spiq {

using Sizes = std::vector<std::int64_t>;

// How many predecessors a node takes.
enum class Arity { None, One, Several };

// `given`, or `count` times `standard` where nothing is given; refused where there are more or
// fewer, or where one is below `least`.
Result<Sizes> sizesOrDefault(const Sizes& given, std::size_t count, std::int64_t standard,
                             std::int64_t least, const std::string& what);

// Extents of a window that slides over the spatial dimensions, all lists of the same length.
struct Window {
  Sizes kernel;
  Sizes stride;
  Sizes dilation;
  Sizes before;  // padding
  Sizes after;

  // Output extent along dimension d, below 1 where the window does not fit.
  std::int64_t slide(std::int64_t in, std::size_t d) const {
    return (in + before[d] + after[d] - dilation[d] * (kernel[d] - 1) - 1) / stride[d] + 1;
  }
  // The same for a transposed convolution.
  std::int64_t spread(std::int64_t in, std::size_t d) const {
    return (in - 1) * stride[d] - before[d] - after[d] + dilation[d] * (kernel[d] - 1) + 1;
  }
};

// The optional lists of a node, checked and filled in; `padding` is all begins, then all ends.
Result<Window> makeWindow(const Sizes& kernel, const Sizes& stride, const Sizes& dilation,
                          const Sizes& padding, const std::string& what);

}  // namespace spiq
