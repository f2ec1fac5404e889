#pragma once

#include "core/plan/plan.h"

namespace spiq {

GatherOp fromUserOrder(const Layout& layout);
GatherOp reshaped(const Layout& from, const Layout& to);
GatherOp concatenated(const std::vector<Shape>& from, std::size_t axis, const Shape& to);
GatherOp upsampled(const Shape& from, const Sizes& scale);
GatherOp transposed(const Shape& from, const Sizes& axes);
GatherOp selected(const Shape& from, const SelectNode& node);
// Units without a source are left out: nothing ever writes to them, and they stay 0.
GatherOp paddedAround(const Shape& from, const PadNode& node);

}  // namespace spiq
