#pragma once

#include <algorithm>
#include <vector>

#include "base/aligned.h"
#include "core/frames/axis_weights.h"
#include "core/frames/image_size.h"

namespace spiq {

// .2126 R + .7152 G + .0722 B from 0 to 255 (ITU-R BT.709) of an image, resized as scikit-image
// does, rows first. Luminances are whole numbers of ten-thousandths, so that nothing is rounded
// before the sums. A few rows at a time go through all of it and stay near the processor.
template <class Real>
class LuminanceResize {
 public:
  LuminanceResize(ImageSize from, ImageSize to, const FrameKernels& kernels);

  // `pixels(row)` is where a row of the image lies; it is called for one after the other.
  // `ready(first, count)` is told of so many values in `into`.
  template <class Pixels, class Ready>
  void run(const Pixels& pixels, Real* into, const Ready& ready) {
    std::size_t next = 0;  // row of the image
    for (std::size_t first = 0; first < rows_.to; first += kRowsAtOnce) {
      const std::size_t count = std::min(kRowsAtOnce, rows_.to - first);
      for (std::size_t o = first; o < first + count; ++o) {
        for (next = std::max(next, rows_.starts[o]); next < rows_.starts[o] + rows_.taps; ++next)
          kernels_.luminance(pixels(next), columns_.from, line(next));
        blend(o, between_.data() + (o - first) * columns_.from);
      }
      kernels_.columns(columns_.view(), between_.data(), count, scratch_.data(),
                       into + first * columns_.to);
      ready(first * columns_.to, count * columns_.to);
    }
  }

 private:
  static constexpr std::size_t kRowsAtOnce = 64 / sizeof(Real);  // of the result

  // Luminances of at least as many rows as a sum takes are kept: a power of two.
  Real* line(std::size_t row) { return lines_.data() + (row & lineMask_) * columns_.from; }
  void blend(std::size_t row, Real* into);

  ResizeKernels<Real> kernels_;
  AxisWeights<Real> rows_;
  AxisWeights<Real> columns_;
  std::size_t lineMask_ = 0;
  AlignedVector<Real> lines_;
  std::vector<const Real*> blended_;
  AlignedVector<Real> between_;
  AlignedVector<Real> scratch_;
};

}  // namespace spiq
