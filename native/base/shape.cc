#include "base/shape.h"

#include <cmath>

namespace spiq {

Result<std::int64_t> elementCount(const Shape& shape, const std::string& what) {
  std::int64_t count = 1;
  for (const std::int64_t size : shape) {
    if (size < 1) {
      return mismatch(Code::Shape, what, "every size to be at least 1", showShape(shape));
    }
    if (size > kMaxElements / count) {
      return mismatch(Code::Shape, what, "at most 2^40 elements", showShape(shape));
    }
    count *= size;
  }
  return count;
}

std::string showShape(const Shape& shape) {
  std::string text = "[";
  for (std::size_t i = 0; i < shape.size(); ++i) {
    text += (i == 0 ? "" : ", ") + std::to_string(shape[i]);
  }
  return text + "]";
}

Status checkTensor(const Tensor& tensor, const std::string& what) {
  const Result<std::int64_t> count = elementCount(tensor.shape, what);
  if (!count.ok()) return count.status();
  if (static_cast<std::size_t>(count.value()) != tensor.data.size()) {
    return mismatch(Code::Shape, what,
                    std::to_string(count.value()) + " values for shape " + showShape(tensor.shape),
                    std::to_string(tensor.data.size()));
  }
  return checkFinite<float>({tensor.data.data(), tensor.data.size()}, what);
}

// A product with 0 is 0 for what is finite and NaN for the rest: a sum of them without a branch.
template <class Real>
bool allFinite(View<const Real> values) {
  constexpr std::size_t kSums = 16;
  Real sums[kSums] = {};
  std::size_t i = 0;
  for (; i + kSums <= values.size; i += kSums) {
    for (std::size_t k = 0; k < kSums; ++k) sums[k] += values.data[i + k] * Real{0};
  }
  for (; i < values.size; ++i) sums[0] += values.data[i] * Real{0};
  for (std::size_t k = 1; k < kSums; ++k) sums[0] += sums[k];
  return sums[0] == Real{0};
}

template <class Real>
Status checkFinite(View<const Real> values, const std::string& what) {
  if (allFinite(values)) return {};
  for (std::size_t i = 0; i < values.size; ++i) {
    if (!std::isfinite(values[i])) {
      return mismatch(Code::NotFinite, what + " element " + std::to_string(i), "a finite number",
                      showNumber(static_cast<double>(values[i])));
    }
  }
  return {};
}

template bool allFinite<float>(View<const float>);
template bool allFinite<double>(View<const double>);
template Status checkFinite<float>(View<const float>, const std::string&);
template Status checkFinite<double>(View<const double>, const std::string&);

}  // namespace spiq
