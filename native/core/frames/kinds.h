#pragma once

#include "backend/frame_kernels.h"
#include "core/frames/image_size.h"
#include "core/frames/preprocessor.h"

namespace spiq {

using PreprocessorResult = Result<std::unique_ptr<Preprocessor>>;

// A file for each kind, with its equation and its source.
PreprocessorResult makePatel(const PreprocessorOptions& options, const FrameKernels& kernels);
PreprocessorResult makeMnih(const PreprocessorOptions& options, const FrameKernels& kernels);
PreprocessorResult makeNature(const PreprocessorOptions& options, const FrameKernels& kernels);
PreprocessorResult makeNeon(const PreprocessorOptions& options, const FrameKernels& kernels);

template <class Kind>
PreprocessorResult made(const PreprocessorOptions& options, const FrameKernels& kernels) {
  const ImageSize frame{static_cast<std::size_t>(options.height),
                        static_cast<std::size_t>(options.width)};
  return std::unique_ptr<Preprocessor>(
      std::make_unique<Kind>(static_cast<std::size_t>(options.copies), frame, kernels));
}

}  // namespace spiq
