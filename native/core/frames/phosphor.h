#pragma once

#include <cstddef>
#include <cstdint>

#include "backend/frame_kernels.h"

namespace spiq {

// What a television whose phosphor glows on shows of two frames in a row, in grey: the colour
// averaging of ALE (src/ale/environment/phosphor_blend.cpp) and then its getScreenGrayscale.
//   channel = smaller + floor((larger - smaller) * 77 / 100)
//   grey = that of the colour of the NTSC palette nearest to the channels less their two lowest
//   bits
// Near by the sum of the three distances; of several colours that are as near the first. Symmetric.
void glowInGrey(const FrameKernels& kernels, const std::uint8_t* rgb, const std::uint8_t* before,
                std::size_t pixels, std::uint8_t* into);

}  // namespace spiq
