#pragma once

#include <string>

#include "backend/backend.h"
#include "backend/frame_kernels.h"
#include "base/status.h"

namespace spiq {

// The back end of exactly this name and instruction set, or an error: never another in its place.
// Devices: "cpu". The pointer stays valid for the life of the process.
template <class Real>
Result<const Backend<Real>*> findBackend(const std::string& device, const std::string& isa);

// The same for frames, which the CPU works on.
Result<const FrameKernels*> findFrameKernels(const std::string& isa);

}  // namespace spiq
