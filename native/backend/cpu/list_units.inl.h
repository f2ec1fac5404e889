// For layer_kernels.inl.h where no instruction gathers bits of a vector.
#include <cstdint>

namespace spiq {
namespace {

// Writes first + i for every of 16 words whose bit `step` is set, and one entry beyond; returns the
// end. Without a branch that would depend on how often units fire.
inline std::uint32_t* listUnits(const std::uint32_t* words, int step, std::uint32_t first,
                                std::uint32_t* to) {
  for (std::uint32_t i = 0; i < 16; ++i) {
    *to = first + i;
    to += words[i] >> step & 1U;
  }
  return to;
}

}  // namespace
}  // namespace spiq
