// Included by the frames_<isa>.cc that have luminanceOf and put for kPixels pixels at once.

namespace spiq {
namespace {

template <class Real>
inline void luminanceOfPixels(const std::uint8_t* rgb, std::size_t pixels, Real* into) {
  std::size_t i = 0;
  for (; i + kPixels <= pixels; i += kPixels) put(luminanceOf(rgb + 3 * i), into + i);
  for (; i < pixels; ++i) {
    const std::uint8_t* pixel = rgb + 3 * i;
    into[i] = static_cast<Real>(2126 * pixel[0] + 7152 * pixel[1] + 722 * pixel[2]);
  }
}

void luminance(const std::uint8_t* rgb, std::size_t pixels, float* into) {
  luminanceOfPixels(rgb, pixels, into);
}

// By way of memory, where halves of a vector need not be taken apart.
void luminance(const std::uint8_t* rgb, std::size_t pixels, double* into) {
  constexpr std::size_t most = 320;
  alignas(64) std::int32_t whole[most];
  for (std::size_t first = 0; first < pixels; first += most) {
    const std::size_t count = pixels - first < most ? pixels - first : most;
    luminanceOfPixels(rgb + 3 * first, count, whole);
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) putDoubles(whole + i, into + first + i);
    for (; i < count; ++i) into[first + i] = whole[i];
  }
}

}  // namespace
}  // namespace spiq
