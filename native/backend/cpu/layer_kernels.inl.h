// Included once by each layer_<isa>.cc, which beforehand defines SPIQ_LANE_BYTES, SPIQ_TILE_LANES,
// SPIQ_OUTER_SUMS, fusedMultiplyAdd, addWhere, nonZeroWords, listSteps and listUnits. Everything is
// in an unnamed namespace and on plain pointers: an inline function of the standard library
// compiled here could be merged by the linker into code that an older machine runs.
#include <type_traits>

#include "backend/cpu/lanes.inl.h"
#include "backend/cpu/layer_kernels.h"

namespace spiq {
namespace {

template <int Count>
struct Groups {
  static constexpr int count = Count;
};

// Calls body(weights, Groups<n>) for a tile that is n times kUnitPadding wide: known to the
// compiler, its sums fit in registers.
template <class Real, class Body>
void withTile(const LinearView<Real>& layer, std::int64_t tile, const Body& body) {
  const Real* weights = layer.tileWeights(tile);
  switch (layer.tileWidth(tile) / kUnitPadding) {
    case 1:
      return body(weights, Groups<1>());
    case 2:
      return body(weights, Groups<2>());
    case 3:
      return body(weights, Groups<3>());
    default:
      return body(weights, Groups<4>());
  }
}

}  // namespace
}  // namespace spiq

#include "backend/cpu/accumulate.inl.h"
#include "backend/cpu/alone.inl.h"
#include "backend/cpu/gradient_order.inl.h"
#include "backend/cpu/lists.inl.h"
#include "backend/cpu/move.inl.h"
#include "backend/cpu/project.inl.h"
#include "backend/cpu/spike_gradient.inl.h"
#include "backend/cpu/update.inl.h"
#include "backend/cpu/update_back.inl.h"
#include "backend/cpu/weight_gradient.inl.h"

namespace spiq {
namespace {

template <class Real>
void projectAny(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns,
                std::size_t count) {
  layer.alone ? projectAlone(layer, tile, columns, count) : project(layer, tile, columns, count);
}

template <class Real>
void accumulateAny(const LinearView<Real>& layer, std::int64_t tile, const SpikeCell* cells,
                   std::size_t count, int steps, Real* sums, std::int64_t stride) {
  layer.alone ? accumulateAlone(layer, tile, cells, count, steps, sums, stride)
              : accumulate(layer, tile, cells, count, steps, sums, stride);
}

template <class Real>
void weightGradientAny(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                       const Extent& extent, const Batch<const Real>& input,
                       const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  layer.alone ? weightGradientAlone(layer, tile, rows, extent, input, outputGradient, add, gradient)
              : weightGradient(layer, tile, rows, extent, input, outputGradient, add, gradient);
}

template <class Real>
void spikeGradientAny(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                      const Extent& extent, const SpikeBatch& input,
                      const Batch<const Real>& outputGradient, bool add, Real* gradient) {
  layer.alone ? spikeGradientAlone(layer, tile, rows, extent, input, outputGradient, add, gradient)
              : spikeGradient(layer, tile, rows, extent, input, outputGradient, add, gradient);
}

template <class Real>
LayerKernels<Real> kernels() {
  return {projectAny<Real>,
          accumulateAny<Real>,
          accumulateLists<Real>,
          count,
          list,
          update<Real>,
          updateTraced<Real>,
          weightGradientAny<Real>,
          spikeGradientAny<Real>,
          biasGradient<Real>,
          updateBack<Real>,
          move<Real>,
          sumOfSquares<Real>};
}

}  // namespace
}  // namespace spiq
