#pragma once

#include "backend/backend.h"
#include "backend/frame_kernels.h"
#include "base/isa.h"

namespace spiq {

template <class Real>
const Backend<Real>& cpuBackend(Isa isa);

const FrameKernels& cpuFrameKernels(Isa isa);

}  // namespace spiq
