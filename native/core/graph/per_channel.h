#pragma once

#include <optional>
#include <string>

#include "core/graph/shapes.h"

namespace spiq {

// A value for each channel (the first dimension), told apart from its absence.
inline Status checkPerChannel(const Tensor& tensor, const std::string& what) {
  if (tensor.shape.size() != 1)
    return mismatch(Code::Shape, what, "shape [channels]", showShape(tensor.shape));
  return checkTensor(tensor, what);
}

inline Status checkPerChannel(const std::optional<Tensor>& tensor, const std::string& what) {
  return tensor ? checkPerChannel(*tensor, what) : Status();
}

// Once the input's shape is known.
inline Status fitsChannels(const std::optional<Tensor>& tensor, const Shape& in,
                           const std::string& what) {
  if (!tensor || (!in.empty() && tensor->shape[0] == in[0])) return {};
  return mismatch(Code::Shape, what, in.empty() ? "no values" : showShape({in[0]}),
                  showShape(tensor->shape));
}

}  // namespace spiq
