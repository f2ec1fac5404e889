#pragma once

#include <cstddef>

namespace spiq {

struct ImageSize {
  std::size_t height = 0;
  std::size_t width = 0;

  std::size_t pixels() const { return height * width; }
  bool operator==(const ImageSize& other) const {
    return height == other.height && width == other.width;
  }
};

}  // namespace spiq
