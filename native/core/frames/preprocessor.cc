#include "core/frames/preprocessor.h"

#include <utility>

#include "backend/registry.h"
#include "core/frames/kinds.h"

namespace spiq {

Preprocessor::Preprocessor(std::size_t copies, std::size_t frameBytes, Shape shape)
    : copies_(copies), frameBytes_(frameBytes), shape_(std::move(shape)) {
  for (const std::int64_t side : shape_) size_ *= static_cast<std::size_t>(side);
}

static Status checkRange(const char* what, std::int64_t value, std::int64_t least,
                         std::int64_t most) {
  if (value >= least && value <= most) return {};
  return mismatch(Code::Range, std::string("preprocessor option '") + what + "'",
                  "a whole number from " + std::to_string(least) + " to " + std::to_string(most),
                  std::to_string(value));
}

Result<std::unique_ptr<Preprocessor>> Preprocessor::create(const PreprocessorOptions& options) {
  for (const Status& status : {checkRange("height", options.height, 1, kMaxFrameSide),
                               checkRange("width", options.width, 1, kMaxFrameSide),
                               checkRange("copies", options.copies, 1, kMaxFrameCopies)}) {
    if (!status.ok()) return status;
  }
  const Result<const FrameKernels*> kernels = findFrameKernels(options.isa);
  if (!kernels.ok()) return kernels.status();
  switch (options.kind) {
    case Preprocessing::Patel:
      return makePatel(options, *kernels.value());
    case Preprocessing::Mnih:
      return makeMnih(options, *kernels.value());
    case Preprocessing::Nature:
      return makeNature(options, *kernels.value());
    case Preprocessing::Neon:
      break;
  }
  return makeNeon(options, *kernels.value());
}

}  // namespace spiq
