// For layer_kernels.inl.h where no instruction compresses a vector.
#include <cstdint>

namespace spiq {
namespace {

// Writes tag + step * scale for every step whose bit is set; returns the end.
inline std::uint32_t* listSteps(std::uint32_t mask, std::uint32_t tag, std::uint32_t scale,
                                std::uint32_t* to) {
  for (; mask != 0; mask &= mask - 1)
    *to++ = tag + static_cast<std::uint32_t>(__builtin_ctz(mask)) * scale;
  return to;
}

}  // namespace
}  // namespace spiq
