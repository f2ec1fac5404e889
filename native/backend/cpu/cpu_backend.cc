#include "backend/cpu/cpu_backend.h"

#include "backend/cpu/layer_kernels.h"

namespace spiq {

namespace {

template <class Real>
class CpuBackend final : public Backend<Real> {
 public:
  explicit CpuBackend(LayerKernels<Real> kernels) : kernels_(kernels) {}

  void project(const DenseView<Real>& layer, const Real* input, Real* output) const override {
    kernels_.project(layer, input, output);
  }
  void runSpikes(const DenseView<Real>& layer, const NeuronParams<Real>& params,
                 StateView<Real> state, const SpikeBlock& in, std::size_t steps,
                 SpikeBlock& out) const override {
    kernels_.runSpikes(layer, params, state, in, steps, out);
  }
  void runCurrent(const DenseView<Real>& layer, const NeuronParams<Real>& params,
                  StateView<Real> state, const Real* current, std::size_t steps,
                  SpikeBlock& out) const override {
    kernels_.runCurrent(layer, params, state, current, steps, out);
  }

 private:
  LayerKernels<Real> kernels_;
};

}  // namespace

template <class Real>
const Backend<Real>& cpuBackend(Isa isa) {
  static const CpuBackend<Real> baseline(baselineKernels<Real>());
#if defined(__x86_64__)
  static const CpuBackend<Real> avx2(avx2Kernels<Real>());
  static const CpuBackend<Real> avx512(avx512Kernels<Real>());
  if (isa == Isa::Avx512) return avx512;
  if (isa == Isa::Avx2) return avx2;
#else
  static_cast<void>(isa);
#endif
  return baseline;
}

template const Backend<float>& cpuBackend<float>(Isa);
template const Backend<double>& cpuBackend<double>(Isa);

}  // namespace spiq
