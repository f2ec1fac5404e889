#include "core/plan/taps.h"

namespace spiq {

namespace {

// The rows of what has one dimension are a single one.
struct Axis {
  std::int64_t in = 1;
  std::int64_t out = 1;
  std::int64_t kernel = 1;
  std::int64_t stride = 1;
  std::int64_t dilation = 1;
  std::int64_t before = 0;
};

Axis axisOf(const Window& window, const Shape& in, const Shape& out, std::size_t d) {
  return {in[d + 1],        out[d + 1],         window.kernel[d],
          window.stride[d], window.dilation[d], window.before[d]};
}

std::int64_t slide(const Axis& axis, std::int64_t out, std::int64_t tap) {
  const std::int64_t at = out * axis.stride + tap * axis.dilation - axis.before;
  return at < axis.in ? at : -1;
}

std::int64_t spread(const Axis& axis, std::int64_t out, std::int64_t tap) {
  const std::int64_t at = out + axis.before - tap * axis.dilation;
  return at >= 0 && at % axis.stride == 0 && at / axis.stride < axis.in ? at / axis.stride : -1;
}

template <class Find>
std::vector<std::int32_t> tapsBy(const Window& window, const Shape& in, const Shape& out,
                                 const Find& find) {
  const std::size_t dims = window.kernel.size();
  const Axis rows = dims == 2 ? axisOf(window, in, out, 0) : Axis();
  const Axis columns = axisOf(window, in, out, dims - 1);
  std::vector<std::int32_t> taps;
  taps.reserve(static_cast<std::size_t>(rows.out * columns.out * rows.kernel * columns.kernel));
  for (std::int64_t y = 0; y < rows.out; ++y) {
    for (std::int64_t x = 0; x < columns.out; ++x) {
      for (std::int64_t ky = 0; ky < rows.kernel; ++ky) {
        const std::int64_t row = find(rows, y, ky);
        for (std::int64_t kx = 0; kx < columns.kernel; ++kx) {
          const std::int64_t column = find(columns, x, kx);
          const bool inside = row >= 0 && column >= 0;
          taps.push_back(static_cast<std::int32_t>(inside ? row * columns.in + column : -1));
        }
      }
    }
  }
  return taps;
}

}  // namespace

std::vector<std::int32_t> slidingTaps(const Window& window, const Shape& in, const Shape& out) {
  return tapsBy(window, in, out, slide);
}

std::vector<std::int32_t> spreadingTaps(const Window& window, const Shape& in, const Shape& out) {
  return tapsBy(window, in, out, spread);
}

}  // namespace spiq
