#pragma once

#include "core/frames/byte_resize.h"

namespace spiq {

// A file for each rule.

// Means of blocks of pixels, where both sides of an image are multiples of those that it gets.
std::unique_ptr<ByteResize> blockResize(ImageSize from, ImageSize to);

// Each pixel by the share of the cell that it covers, where no side grows.
std::unique_ptr<ByteResize> shareResize(ImageSize from, ImageSize to, const FrameKernels& kernels);

// Between two pixels and two rows, in numbers of 11 bits behind the point. Between which, centres
// decide or, as INTER_AREA has it where a side grows, edges.
enum class Between { Centres, Edges };
std::unique_ptr<ByteResize> betweenResize(ImageSize from, ImageSize to, Between rule);

}  // namespace spiq
