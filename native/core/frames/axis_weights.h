#pragma once

#include <cstddef>
#include <vector>

#include "backend/frame_kernels.h"

namespace spiq {

// One axis of a separable resize, as AxisView has it. Starts ascend; where a value needs fewer taps
// than others, zeros stand in.
template <class Real>
struct AxisWeights {
  std::size_t from = 0;  // values of the source
  std::size_t to = 0;    // values of the result
  std::size_t taps = 0;
  std::vector<std::size_t> starts;
  std::vector<Real> weights;

  template <class Other>
  AxisWeights<Other> as() const {
    return {from, to, taps, starts, std::vector<Other>(weights.begin(), weights.end())};
  }
  AxisView<Real> view() const { return {from, to, taps, starts.data(), weights.data()}; }
};

// resize() of scikit-image since 0.15 with its defaults (skimage/transform/_warps.py): where the
// axis shrinks by `factor`, a Gaussian of sigma (factor - 1) / 2, cut off at 4 sigma, mirrored at
// the borders without repeating the edge; then linear interpolation at factor * (o + 1/2) - 1/2.
AxisWeights<double> antialiasedAxis(std::size_t from, std::size_t to);

// The same in ten-thousandths, for sources that are luminances as the kernels have them.
AxisWeights<double> luminanceAxis(std::size_t from, std::size_t to);

// cv2.resize with INTER_AREA for an axis that shrinks (computeResizeAreaTab in
// modules/imgproc/src/resize.cpp): each source value by the share of the cell that it covers.
AxisWeights<float> areaAxis(std::size_t from, std::size_t to);

}  // namespace spiq
