#include "core/frames/phosphor.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <vector>

#include "core/frames/ntsc_palette.h"

namespace spiq {

namespace {

constexpr unsigned kPercent = 77;    // that the larger of two values keeps; Stella's default
constexpr std::size_t kLevels = 64;  // of a channel without its two lowest bits
constexpr std::size_t kPixelsAtOnce = 1024;
constexpr int kIndexBits = 7;  // kNtscColours is 2^7

struct Colour {
  int red, green, blue;
};

Colour colourOf(std::uint32_t packed) {
  return {static_cast<int>(packed >> 16), static_cast<int>(packed >> 8 & 0xff),
          static_cast<int>(packed & 0xff)};
}

// ALE's, which rounds halves up.
std::uint8_t greyOf(const Colour& colour) {
  const double grey = colour.red * .2989 + colour.green * .587 + colour.blue * .114;
  return static_cast<std::uint8_t>(std::floor(grey + .5));
}

// [red][green][blue], each in kLevels.
std::vector<std::uint8_t> nearestGreys() {
  std::array<Colour, kNtscColours> colours{};
  std::array<std::uint8_t, kNtscColours> greys{};
  for (std::size_t c = 0; c < colours.size(); ++c) {
    colours[c] = colourOf(kNtscPalette[c]);
    greys[c] = greyOf(colours[c]);
  }
  const auto distance = [](int level, int value) { return std::abs(4 * level - value); };
  std::vector<std::uint8_t> nearest;
  nearest.reserve(kLevels * kLevels * kLevels);
  constexpr int kSide = kLevels;
  for (int red = 0; red < kSide; ++red) {
    for (int green = 0; green < kSide; ++green) {
      // Distances with the index below them, so that the smallest is the first of the nearest.
      std::array<int, kLevels> best{};
      best.fill(1 << 20);
      for (int c = 0; c < kNtscColours; ++c) {
        const Colour& colour = colours[static_cast<std::size_t>(c)];
        const int others = distance(red, colour.red) + distance(green, colour.green);
        for (int blue = 0; blue < kSide; ++blue) {
          int& least = best[static_cast<std::size_t>(blue)];
          least = std::min(least, (others + distance(blue, colour.blue)) << kIndexBits | c);
        }
      }
      for (const int least : best)
        nearest.push_back(greys[static_cast<std::size_t>(least) % kNtscColours]);
    }
  }
  return nearest;
}

}  // namespace

void glowInGrey(const FrameKernels& kernels, const std::uint8_t* rgb, const std::uint8_t* before,
                std::size_t pixels, std::uint8_t* into) {
  static const std::vector<std::uint8_t> nearest = nearestGreys();
  std::array<std::uint8_t, 3 * kPixelsAtOnce> glowing{};
  for (std::size_t first = 0; first < pixels; first += kPixelsAtOnce) {
    const std::size_t count = std::min(kPixelsAtOnce, pixels - first);
    kernels.glow(rgb + 3 * first, before + 3 * first, 3 * count, glowing.data());
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint8_t* colour = &glowing[3 * i];
      const std::size_t red = colour[0] >> 2;
      const std::size_t green = colour[1] >> 2;
      const std::size_t blue = colour[2] >> 2;
      into[first + i] = nearest[(red * kLevels + green) * kLevels + blue];
    }
  }
}

}  // namespace spiq
