#include "backend/cpu/cpu_frames.h"

#include "backend/cpu/cpu_backend.h"

namespace spiq {

const FrameKernels& cpuFrameKernels(Isa isa) {
  // What aarch64 always has, `neon`, its baseline is compiled for.
  static const FrameKernels baseline = baselineFrameKernels();
#if defined(__x86_64__)
  static const FrameKernels avx2 = avx2FrameKernels();
  static const FrameKernels avx512 = avx512FrameKernels();
  if (isa == Isa::Avx512) return avx512;
  if (isa == Isa::Avx2) return avx2;
#else
  static_cast<void>(isa);
#endif
  return baseline;
}

}  // namespace spiq
