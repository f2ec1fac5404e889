#pragma once

#include "core/plan/plan.h"

namespace spiq {

GatherOp fromUserOrder(const Layout& layout);
GatherOp reshaped(const Layout& from, const Layout& to);
GatherOp concatenated(const std::vector<Shape>& from, std::size_t axis, const Shape& to);
GatherOp upsampled(const Shape& from, const Sizes& scale);

}  // namespace spiq
