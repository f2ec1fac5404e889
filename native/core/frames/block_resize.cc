#include <algorithm>
#include <cmath>
#include <vector>

#include "core/frames/byte_resize_forms.h"

namespace spiq {

namespace {

class BlockResize final : public ByteResize {
 public:
  BlockResize(ImageSize from, ImageSize to)
      : to_(to), rows_(from.height / to.height), columns_(from.width / to.width), sums_(to.width) {}

  void run(const std::uint8_t* image, std::uint8_t* into) override {
    for (std::size_t y = 0; y < to_.height; ++y, into += to_.width) {
      std::fill(sums_.begin(), sums_.end(), 0U);
      for (std::size_t row = 0; row < rows_; ++row) {
        for (unsigned& sum : sums_) {
          for (std::size_t k = 0; k < columns_; ++k) sum += *image++;
        }
      }
      for (std::size_t x = 0; x < to_.width; ++x) into[x] = mean(sums_[x]);
    }
  }

 private:
  // Halves go up in blocks of two by two and else to the even number, of a float32 product.
  std::uint8_t mean(unsigned sum) const {
    if (rows_ == 2 && columns_ == 2) return static_cast<std::uint8_t>((sum + 2) / 4);
    const float share = 1.0F / static_cast<float>(rows_ * columns_);
    return static_cast<std::uint8_t>(std::nearbyint(static_cast<float>(sum) * share));
  }

  ImageSize to_;
  std::size_t rows_;
  std::size_t columns_;
  std::vector<unsigned> sums_;
};

}  // namespace

std::unique_ptr<ByteResize> blockResize(ImageSize from, ImageSize to) {
  return std::make_unique<BlockResize>(from, to);
}

}  // namespace spiq
