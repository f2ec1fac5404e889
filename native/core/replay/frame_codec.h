#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "core/replay/options.h"

namespace spiq {

constexpr std::int64_t kMaxFrameSize = std::int64_t{1} << 28;  // values

std::size_t storedBytes(FrameType type, std::int64_t size);

// Values into the bytes that a memory stores. What the type cannot hold is refused by element.
Status encodeFrame(FrameType type, const float* values, std::size_t size, std::uint8_t* into);
Status encodeFrame(FrameType type, const double* values, std::size_t size, std::uint8_t* into);
Status encodeFrame(FrameType type, const std::uint8_t* values, std::size_t size,
                   std::uint8_t* into);

// And out of them. Bytes can be had of frames that hold nothing else.
void decodeFrame(FrameType type, const std::uint8_t* stored, std::size_t size, float* into);
void decodeFrame(FrameType type, const std::uint8_t* stored, std::size_t size, std::uint8_t* into);

}  // namespace spiq
