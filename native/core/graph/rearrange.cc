#include "core/graph/rearrange.h"

#include <algorithm>

namespace spiq {

namespace {

constexpr std::size_t kMaxRank = 8;

Status sized(const Shape& shape, const std::string& what) {
  return elementCount(shape, "output of " + what).status();
}

}  // namespace

Status TransposeNode::validate(const std::string& what) const {
  Sizes sorted = axes;
  std::sort(sorted.begin(), sorted.end());
  bool each = !axes.empty() && axes.size() <= kMaxRank;
  for (std::size_t d = 0; d < sorted.size(); ++d)
    each = each && sorted[d] == static_cast<std::int64_t>(d);
  if (each) return {};
  return mismatch(Code::Range, what + " axes", "each dimension once", showShape(axes));
}

Result<Shape> TransposeNode::outputShape(const Shape& in, const std::string& what) const {
  if (in.size() != axes.size()) {
    return mismatch(Code::Shape, "input of " + what, std::to_string(axes.size()) + " dimensions",
                    showShape(in));
  }
  Shape out;
  for (const std::int64_t axis : axes) out.push_back(in[static_cast<std::size_t>(axis)]);
  return out;
}

Status SelectNode::validate(const std::string& what) const {
  if (axis < 0 || axis >= static_cast<std::int64_t>(kMaxRank))
    return mismatch(Code::Range, what + " axis", "0 to 7", std::to_string(axis));
  if (indices.empty()) return mismatch(Code::Range, what + " indices", "at least one", "none");
  return {};
}

Result<Shape> SelectNode::outputShape(const Shape& in, const std::string& what) const {
  const auto along = static_cast<std::size_t>(axis);
  if (along >= in.size()) {
    return mismatch(Code::Shape, "input of " + what,
                    "more than " + std::to_string(axis) + " dimensions", showShape(in));
  }
  for (const std::int64_t index : indices) {
    if (index >= 0 && index < in[along]) continue;
    return mismatch(Code::Range, what + " indices", "0 to " + std::to_string(in[along] - 1),
                    std::to_string(index));
  }
  Shape out = in;
  out[along] = static_cast<std::int64_t>(indices.size());
  if (Status status = sized(out, what); !status.ok()) return status;
  return out;
}

Status PadNode::validate(const std::string& what) const {
  if (padding.empty() || padding.size() % 2 != 0) {
    return mismatch(Code::Shape, what + " padding", "a begin and an end for every dimension",
                    std::to_string(padding.size()) + " sizes");
  }
  return sizesOrDefault(padding, padding.size(), 0, 0, what + " padding").status();
}

Result<Shape> PadNode::outputShape(const Shape& in, const std::string& what) const {
  if (padding.size() != 2 * in.size()) {
    return mismatch(Code::Shape, "input of " + what,
                    std::to_string(padding.size() / 2) + " dimensions", showShape(in));
  }
  Shape out = in;
  for (std::size_t d = 0; d < in.size(); ++d) out[d] += padding[d] + padding[in.size() + d];
  if (Status status = sized(out, what); !status.ok()) return status;
  return out;
}

}  // namespace spiq
