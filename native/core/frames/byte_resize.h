#pragma once

#include <cstdint>
#include <memory>

#include "backend/frame_kernels.h"
#include "core/frames/image_size.h"

namespace spiq {

// cv2.resize of images with one channel of bytes, row major, in every pixel
// (modules/imgproc/src/resize.cpp of OpenCV 4 and 5).
class ByteResize {
 public:
  ByteResize() = default;
  virtual ~ByteResize() = default;
  ByteResize(const ByteResize&) = delete;
  ByteResize& operator=(const ByteResize&) = delete;

  virtual void run(const std::uint8_t* image, std::uint8_t* into) = 0;
};

// With INTER_AREA, which is another rule for each kind of sizes, and with INTER_LINEAR.
std::unique_ptr<ByteResize> areaResize(ImageSize from, ImageSize to, const FrameKernels& kernels);
std::unique_ptr<ByteResize> linearResize(ImageSize from, ImageSize to);

}  // namespace spiq
