#include "core/frames/luminance_resize.h"

#include <type_traits>

namespace spiq {

namespace {

template <class Real>
const ResizeKernels<Real>& resizeKernels(const FrameKernels& kernels) {
  if constexpr (std::is_same_v<Real, float>) {
    return kernels.floats;
  } else {
    return kernels.doubles;
  }
}

}  // namespace

template <class Real>
LuminanceResize<Real>::LuminanceResize(ImageSize from, ImageSize to, const FrameKernels& kernels)
    : kernels_(resizeKernels<Real>(kernels)),
      rows_(luminanceAxis(from.height, to.height).template as<Real>()),
      columns_(antialiasedAxis(from.width, to.width).template as<Real>()),
      blended_(rows_.taps),
      between_(kRowsAtOnce * from.width),
      scratch_(scratchOf(columns_.view())) {
  while (lineMask_ + 1 < rows_.taps) lineMask_ = 2 * lineMask_ + 1;
  lines_.resize((lineMask_ + 1) * from.width);
}

template <class Real>
void LuminanceResize<Real>::blend(std::size_t row, Real* into) {
  for (std::size_t k = 0; k < rows_.taps; ++k) blended_[k] = line(rows_.starts[row] + k);
  kernels_.blend(&rows_.weights[row * rows_.taps], blended_.data(), rows_.taps, columns_.from,
                 into);
}

template class LuminanceResize<float>;
template class LuminanceResize<double>;

}  // namespace spiq
