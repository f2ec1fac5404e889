#include "backend/cpu/cpu_backend.h"

#include "backend/cpu/layer_kernels.h"

namespace spiq {

namespace {

template <class Real>
class CpuBackend final : public Backend<Real> {
 public:
  explicit CpuBackend(LayerKernels<Real> kernels) : kernels_(kernels) {}

  void project(const LinearView<Real>& layer, std::int64_t tile, const Column<Real>* columns,
               std::size_t count) const override {
    kernels_.project(layer, tile, columns, count);
  }
  void accumulate(const LinearView<Real>& layer, std::int64_t tile, const SpikeCell* cells,
                  std::size_t count, int steps, Real* sums, std::int64_t stride) const override {
    kernels_.accumulate(layer, tile, cells, count, steps, sums, stride);
  }
  void accumulateLists(const LinearView<Real>& layer, std::int64_t tile,
                       const std::int32_t* sources, const StepLists* lines, int steps, Real* sums,
                       std::int64_t stride) const override {
    kernels_.accumulateLists(layer, tile, sources, lines, steps, sums, stride);
  }
  void count(const std::uint32_t* masks, StepLists& lists) const override {
    kernels_.count(masks, lists);
  }
  void list(const std::uint32_t* masks, int steps, const StepLists& lists) const override {
    kernels_.list(masks, steps, lists);
  }
  void update(const NeuronParams<Real>& params, const UnitsView<Real>& units, const Real* input,
              std::int64_t stride, int firstBit, int steps) const override {
    kernels_.update(params, units, input, stride, firstBit, steps);
  }
  void updateTraced(const NeuronParams<Real>& params, const UnitsView<Real>& units,
                    const Real* input, std::int64_t stride, int firstBit, int steps,
                    const StepTrace<Real>& trace) const override {
    kernels_.updateTraced(params, units, input, stride, firstBit, steps, trace);
  }
  void weightGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                      const Extent& extent, const Batch<const Real>& input,
                      const Batch<const Real>& outputGradient, bool add,
                      Real* gradient) const override {
    kernels_.weightGradient(layer, tile, rows, extent, input, outputGradient, add, gradient);
  }
  void spikeGradient(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                     const Extent& extent, const SpikeBatch& input,
                     const Batch<const Real>& outputGradient, bool add,
                     Real* gradient) const override {
    kernels_.spikeGradient(layer, tile, rows, extent, input, outputGradient, add, gradient);
  }
  void biasGradient(std::int64_t outPadded, std::int64_t firstUnit, std::int64_t lastUnit,
                    const Extent& extent, const Batch<const Real>& outputGradient, bool add,
                    Real* gradient) const override {
    kernels_.biasGradient(outPadded, firstUnit, lastUnit, extent, outputGradient, add, gradient);
  }
  void updateBack(const NeuronParams<Real>& params, const Surrogate& surrogate, bool attachedReset,
                  const UnitsBack<Real>& units, int steps) const override {
    kernels_.updateBack(params, surrogate, attachedReset, units, steps);
  }
  void move(const MoveParams<Real>& params, const Moved<Real>& moved) const override {
    kernels_.move(params, moved);
  }
  double sumOfSquares(const Real* gradient, std::size_t size, Real clip) const override {
    return kernels_.sumOfSquares(gradient, size, clip);
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
#elif defined(__aarch64__)
  static const CpuBackend<Real> neon(neonKernels<Real>());
  if (isa == Isa::Neon) return neon;
#else
  static_cast<void>(isa);
#endif
  return baseline;
}

template const Backend<float>& cpuBackend<float>(Isa);
template const Backend<double>& cpuBackend<double>(Isa);

}  // namespace spiq
