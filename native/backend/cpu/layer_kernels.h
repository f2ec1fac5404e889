#pragma once

#include <cstddef>

#include "backend/backend.h"

namespace spiq {

// The dense-layer operations of one instruction set. Plain functions: nothing of the files that are
// compiled for a newer instruction set may be merged by the linker into code that an older machine
// runs.
template <class Real>
struct LayerKernels {
  void (*project)(const DenseView<Real>&, const Real* input, Real* output);
  void (*runSpikes)(const DenseView<Real>&, const NeuronParams<Real>&, StateView<Real>,
                    const SpikeBlock& in, std::size_t steps, SpikeBlock& out);
  void (*runCurrent)(const DenseView<Real>&, const NeuronParams<Real>&, StateView<Real>,
                     const Real* current, std::size_t steps, SpikeBlock& out);
};

template <class Real>
LayerKernels<Real> baselineKernels();
template <class Real>
LayerKernels<Real> avx2Kernels();
template <class Real>
LayerKernels<Real> avx512Kernels();

}  // namespace spiq
