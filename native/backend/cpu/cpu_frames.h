#pragma once

#include "backend/frame_kernels.h"

namespace spiq {

// Of each instruction set, as those of layer_kernels.h.
FrameKernels baselineFrameKernels();
FrameKernels avx2FrameKernels();
FrameKernels avx512FrameKernels();

}  // namespace spiq
