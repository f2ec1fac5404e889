#include "core/graph/shapes.h"

#include <algorithm>

namespace spiq {

namespace {

// Far above any sensible window, far below where sums of extents overflow.
constexpr std::int64_t kMaxExtent = std::int64_t{1} << 31;

}  // namespace

Result<Sizes> sizesOrDefault(const Sizes& given, std::size_t count, std::int64_t standard,
                             std::int64_t least, const std::string& what) {
  if (given.empty()) return Sizes(count, standard);
  if (given.size() != count) {
    return mismatch(Code::Shape, what, std::to_string(count) + " sizes",
                    std::to_string(given.size()));
  }
  for (const std::int64_t size : given) {
    if (size < least || size > kMaxExtent) {
      return mismatch(Code::Range, what, "sizes of at least " + std::to_string(least),
                      std::to_string(size));
    }
  }
  return given;
}

Result<Window> makeWindow(const Sizes& kernel, const Sizes& stride, const Sizes& dilation,
                          const Sizes& padding, const std::string& what) {
  const std::size_t dims = kernel.size();
  Window window{kernel, {}, {}, {}, {}};
  auto strides = sizesOrDefault(stride, dims, 1, 1, what + " stride");
  if (!strides.ok()) return strides.status();
  auto dilations = sizesOrDefault(dilation, dims, 1, 1, what + " dilation");
  if (!dilations.ok()) return dilations.status();
  const auto pads = sizesOrDefault(padding, 2 * dims, 0, 0, what + " padding");
  if (!pads.ok()) return pads.status();
  window.stride = strides.take();
  window.dilation = dilations.take();
  const auto middle = pads.value().begin() + static_cast<std::ptrdiff_t>(dims);
  window.before.assign(pads.value().begin(), middle);
  window.after.assign(middle, pads.value().end());
  return window;
}

}  // namespace spiq
