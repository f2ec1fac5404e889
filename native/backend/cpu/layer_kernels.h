#pragma once

#include <cstddef>

#include "backend/backend.h"

namespace spiq {

// The operations of one instruction set. Plain functions: nothing of the files that are compiled
// for a newer instruction set may be merged by the linker into code that an older machine runs.
template <class Real>
struct LayerKernels {
  void (*project)(const LinearView<Real>&, std::int64_t tile, const Column<Real>*,
                  std::size_t count);
  void (*accumulate)(const LinearView<Real>&, std::int64_t tile, const SpikeCell*,
                     std::size_t count, int steps, Real* sums, std::int64_t stride);
  void (*accumulateLists)(const LinearView<Real>&, std::int64_t tile, const std::int32_t* sources,
                          const StepLists* lines, int steps, Real* sums, std::int64_t stride);
  void (*count)(const std::uint32_t* masks, StepLists&);
  void (*list)(const std::uint32_t* masks, int steps, const StepLists&);
  void (*update)(const NeuronParams<Real>&, const UnitsView<Real>&, const Real* input,
                 std::int64_t stride, int firstBit, int steps);
  void (*updateTraced)(const NeuronParams<Real>&, const UnitsView<Real>&, const Real* input,
                       std::int64_t stride, int firstBit, int steps, const StepTrace<Real>&);
  void (*weightGradient)(const LinearView<Real>&, std::int64_t tile, WeightRows, const Extent&,
                         const Batch<const Real>& input, const Batch<const Real>& outputGradient,
                         bool add, Real* gradient);
  void (*spikeGradient)(const LinearView<Real>&, std::int64_t tile, WeightRows, const Extent&,
                        const SpikeBatch& input, const Batch<const Real>& outputGradient, bool add,
                        Real* gradient);
  void (*biasGradient)(std::int64_t outPadded, std::int64_t firstUnit, std::int64_t lastUnit,
                       const Extent&, const Batch<const Real>& outputGradient, bool add,
                       Real* gradient);
  void (*updateBack)(const NeuronParams<Real>&, const Surrogate&, bool attachedReset,
                     const UnitsBack<Real>&, int steps);
  void (*move)(const MoveParams<Real>&, const Moved<Real>&);
  double (*sumOfSquares)(const Real* gradient, std::size_t size, Real clip);
};

template <class Real>
LayerKernels<Real> baselineKernels();
template <class Real>
LayerKernels<Real> avx2Kernels();
template <class Real>
LayerKernels<Real> avx512Kernels();
template <class Real>
LayerKernels<Real> neonKernels();

}  // namespace spiq
