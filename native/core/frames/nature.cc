#include <vector>

#include "core/frames/byte_resize.h"
#include "core/frames/kinds.h"
#include "core/frames/pair_preprocessor.h"

namespace spiq {

namespace {

constexpr std::size_t kSide = 84;

// Mnih et al., "Human-level control through deep reinforcement learning" (Nature 518, 2015), as
// AtariPreprocessing of Gymnasium and most others compute it:
//   observation = cv2.resize(max(frame, emulator's frame before), (84, 84), INTER_AREA)
class Nature final : public PairPreprocessor {
 public:
  Nature(std::size_t copies, ImageSize frame, const FrameKernels& kernels)
      : PairPreprocessor(copies, frame.pixels(), {1, kSide, kSide}),
        kernels_(kernels),
        resize_(areaResize(frame, {kSide, kSide}, kernels)),
        brightest_(frame.pixels()) {}

 private:
  void observe(const std::uint8_t* newest, const std::uint8_t* before,
               std::uint8_t* into) override {
    kernels_.brighter(newest, before, brightest_.size(), brightest_.data());
    resize_->run(brightest_.data(), into);
  }

  const FrameKernels& kernels_;
  std::unique_ptr<ByteResize> resize_;
  std::vector<std::uint8_t> brightest_;
};

}  // namespace

PreprocessorResult makeNature(const PreprocessorOptions& options, const FrameKernels& kernels) {
  return made<Nature>(options, kernels);
}

}  // namespace spiq
