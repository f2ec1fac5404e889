#include <vector>

#include "core/frames/byte_resize.h"
#include "core/frames/kinds.h"
#include "core/frames/pair_preprocessor.h"
#include "core/frames/phosphor.h"

namespace spiq {

namespace {

constexpr std::size_t kSide = 84;

// Simple-DQN, the deep Q-network on Nervana's library Neon (github.com/tambetm/simple_dqn), whose
// frames ALE averages:
//   observation = cv2.resize(grey(phosphor(frame, emulator's frame before)), (84, 84))
class Neon final : public PairPreprocessor {
 public:
  Neon(std::size_t copies, ImageSize frame, const FrameKernels& kernels)
      : PairPreprocessor(copies, 3 * frame.pixels(), {1, kSide, kSide}),
        kernels_(kernels),
        resize_(linearResize(frame, {kSide, kSide})),
        grey_(frame.pixels()) {}

 private:
  void observe(const std::uint8_t* newest, const std::uint8_t* before,
               std::uint8_t* into) override {
    glowInGrey(kernels_, newest, before, grey_.size(), grey_.data());
    resize_->run(grey_.data(), into);
  }

  const FrameKernels& kernels_;
  std::unique_ptr<ByteResize> resize_;
  std::vector<std::uint8_t> grey_;
};

}  // namespace

PreprocessorResult makeNeon(const PreprocessorOptions& options, const FrameKernels& kernels) {
  return made<Neon>(options, kernels);
}

}  // namespace spiq
