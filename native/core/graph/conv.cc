#include "core/graph/conv.h"

namespace spiq {

namespace {

Sizes kernelOf(const Tensor& weight) {
  return {weight.shape.begin() + 2, weight.shape.end()};
}

Status checkWeights(const Tensor& weight, const std::optional<Tensor>& bias, std::int64_t groups,
                    const std::string& what, const char* expected) {
  if (weight.shape.size() != 3 && weight.shape.size() != 4) {
    return mismatch(Code::Shape, what + " weight", expected, showShape(weight.shape));
  }
  if (Status status = checkTensor(weight, what + " weight"); !status.ok()) return status;
  if (groups < 1 || weight.shape[0] % groups != 0) {
    return mismatch(Code::Range, what + " groups",
                    "a divisor of " + std::to_string(weight.shape[0]), std::to_string(groups));
  }
  return bias ? checkTensor(*bias, what + " bias") : Status();
}

Status checkBias(const std::optional<Tensor>& bias, std::int64_t outputs, const std::string& what) {
  if (!bias || bias->shape == Shape{outputs}) return {};
  return mismatch(Code::Shape, what + " bias", showShape({outputs}), showShape(bias->shape));
}

Status checkInput(const Shape& in, std::int64_t channels, std::size_t dims,
                  const std::string& what) {
  if (in.size() == dims + 1 && in[0] == channels) return {};
  return mismatch(Code::Shape, "input of " + what,
                  std::to_string(channels) + " channels of " + std::to_string(dims) +
                      (dims == 1 ? " dimension" : " dimensions"),
                  showShape(in));
}

template <class Extent>
Result<Shape> slideOver(const Shape& in, std::int64_t channels, const std::string& what,
                        const Extent& extent) {
  Shape out{channels};
  for (std::size_t d = 0; d + 1 < in.size(); ++d) {
    out.push_back(extent(in[d + 1], d));
    if (out.back() < 1) {
      return mismatch(Code::Shape, "input of " + what, "room for the kernel", showShape(in));
    }
  }
  const Result<std::int64_t> count = elementCount(out, "output of " + what);
  if (!count.ok()) return count.status();
  return out;
}

}  // namespace

Result<Window> ConvNode::window(const std::string& what) const {
  return makeWindow(kernelOf(weight), stride, dilation, padding, what);
}

Status ConvNode::validate(const std::string& what) const {
  Status status = checkWeights(weight, bias, groups, what, "shape [out, in / groups, kernel...]");
  if (!status.ok()) return status;
  if (status = checkBias(bias, outputs(), what); !status.ok()) return status;
  return window(what).status();
}

Result<Shape> ConvNode::outputShape(const Shape& in, const std::string& what) const {
  const Result<Window> w = window(what);
  if (!w.ok()) return w.status();
  const Status status = checkInput(in, inputs(), w.value().kernel.size(), what);
  if (!status.ok()) return status;
  return slideOver(in, outputs(), what, [&](std::int64_t extent, std::size_t d) {
    const std::int64_t room = extent + w.value().before[d] + w.value().after[d];
    return room < w.value().dilation[d] * (w.value().kernel[d] - 1) + 1
               ? 0
               : w.value().slide(extent, d);
  });
}

Result<Window> ConvTransposeNode::window(const std::string& what) const {
  return makeWindow(kernelOf(weight), stride, dilation, padding, what);
}

Status ConvTransposeNode::validate(const std::string& what) const {
  Status status = checkWeights(weight, bias, groups, what, "shape [in, out / groups, kernel...]");
  if (!status.ok()) return status;
  if (status = checkBias(bias, outputs(), what); !status.ok()) return status;
  const Result<Window> w = window(what);
  if (!w.ok()) return w.status();
  const auto extra =
      sizesOrDefault(outputPadding, w.value().kernel.size(), 0, 0, what + " outputPadding");
  if (!extra.ok()) return extra.status();
  for (std::size_t d = 0; d < extra.value().size(); ++d) {
    if (extra.value()[d] >= w.value().stride[d] && extra.value()[d] >= w.value().dilation[d]) {
      return mismatch(Code::Range, what + " outputPadding", "sizes below stride or dilation",
                      std::to_string(extra.value()[d]));
    }
  }
  return {};
}

Result<Shape> ConvTransposeNode::outputShape(const Shape& in, const std::string& what) const {
  const Result<Window> w = window(what);
  if (!w.ok()) return w.status();
  const Status status = checkInput(in, inputs(), w.value().kernel.size(), what);
  if (!status.ok()) return status;
  return slideOver(in, outputs(), what, [&](std::int64_t extent, std::size_t d) {
    return w.value().spread(extent, d) + (outputPadding.empty() ? 0 : outputPadding[d]);
  });
}

}  // namespace spiq
