#include "core/graph/pool.h"

#include <algorithm>

namespace spiq {

Result<Window> PoolNode::window(const Shape& in, const std::string& what) const {
  if (in.size() != 2 && in.size() != 3) {
    return mismatch(Code::Shape, "input of " + what, "channels of one or two dimensions",
                    showShape(in));
  }
  const Sizes extent(in.begin() + 1, in.end());
  const auto size = sizesOrDefault(kernel, extent.size(), 1, 1, what + " kernel");
  if (!size.ok()) return size.status();
  const Sizes& used = kernel.empty() ? extent : size.value();
  return makeWindow(used, stride.empty() ? used : stride, dilation, padding, what);
}

Status PoolNode::validate(const std::string& what) const {
  if (kernel.empty() && !(stride.empty() && dilation.empty() && padding.empty())) {
    return mismatch(Code::Argument, what + " kernel", "sizes beside stride, dilation or padding",
                    "none");
  }
  return {};
}

Result<Shape> PoolNode::outputShape(const Shape& in, const std::string& what) const {
  const Result<Window> w = window(in, what);
  if (!w.ok()) return w.status();
  Shape out{in[0]};
  for (std::size_t d = 0; d < w.value().kernel.size(); ++d) {
    const std::int64_t size = w.value().dilation[d] * (w.value().kernel[d] - 1) + 1;
    if (w.value().before[d] >= size || w.value().after[d] >= size) {
      return mismatch(Code::Range, what + " padding", "less than the kernel's reach",
                      std::to_string(std::max(w.value().before[d], w.value().after[d])));
    }
    if (in[d + 1] + w.value().before[d] + w.value().after[d] < size) {
      return mismatch(Code::Shape, "input of " + what, "room for the kernel", showShape(in));
    }
    out.push_back(w.value().slide(in[d + 1], d));
  }
  return out;
}

}  // namespace spiq
