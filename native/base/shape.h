#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/status.h"

namespace spiq {

// Dimensions without the batch. At most kMaxElements elements, so that no product of sizes
// overflows.
using Shape = std::vector<std::int64_t>;

constexpr std::int64_t kMaxElements = std::int64_t{1} << 40;

Result<std::int64_t> elementCount(const Shape& shape, const std::string& what);
std::string showShape(const Shape& shape);

struct Tensor {
  Shape shape;
  std::vector<float> data;
};

// The tensor's sizes agree with its data and every value is finite.
Status checkTensor(const Tensor& tensor, const std::string& what);

template <class T>
struct View {
  T* data = nullptr;
  std::size_t size = 0;

  T& operator[](std::size_t index) const { return data[index]; }
};

template <class Real>
bool allFinite(View<const Real> values);

// Returns a status naming the first NaN or infinity.
template <class Real>
Status checkFinite(View<const Real> values, const std::string& what);

}  // namespace spiq
