#include <algorithm>
#include <cmath>
#include <numeric>

#include "backend/registry.h"
#include "base/isa.h"
#include "tests/check.h"
#include "tests/numbers.h"

// Each instruction set against plain loops, bit for bit.

namespace spiq {

namespace {

using Bytes = std::vector<std::uint8_t>;

const FrameKernels& kernelsOf(Isa isa) {
  return *findFrameKernels(isaName(isa)).take();
}

template <class Real>
const ResizeKernels<Real>& resizeKernelsOf(Isa isa) {
  if constexpr (sizeof(Real) == sizeof(float)) {
    return kernelsOf(isa).floats;
  } else {
    return kernelsOf(isa).doubles;
  }
}

Bytes drawnBytes(std::size_t size, std::mt19937& random) {
  Bytes bytes(size);
  for (std::uint8_t& byte : bytes) byte = static_cast<std::uint8_t>(random() >> 24);
  return bytes;
}

template <class Real>
std::vector<Real> drawn(std::size_t size, std::mt19937& random) {
  std::vector<Real> values(size);
  for (Real& value : values) value = static_cast<Real>(random()) / static_cast<Real>(3e7);
  return values;
}

// What a vector would have written beyond its end shows.
template <class Real>
void expectSame(const std::vector<Real>& received, const std::vector<Real>& expected) {
  EXPECT_EQUAL(received.size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i)
    EXPECT_TRUE(tests::sameBits(received[i], expected[i]));
}

constexpr std::size_t kWidths[] = {1, 2, 3, 7, 8, 15, 16, 17, 31, 40, 84, 160, 163};

template <class Real>
void checkLuminance(Isa isa) {
  std::mt19937 random = tests::seeded(1);
  for (const std::size_t pixels : kWidths) {
    Bytes rgb = drawnBytes(3 * pixels, random);
    if (pixels == 17) std::fill(rgb.begin(), rgb.end(), std::uint8_t{255});
    std::vector<Real> expected(pixels + 20, 7);
    std::vector<Real> received = expected;
    for (std::size_t i = 0; i < pixels; ++i) {
      expected[i] =
          static_cast<Real>(2126 * rgb[3 * i] + 7152 * rgb[3 * i + 1] + 722 * rgb[3 * i + 2]);
    }
    resizeKernelsOf<Real>(isa).luminance(rgb.data(), pixels, received.data());
    expectSame(received, expected);
  }
}

template <class Real>
void checkBlend(Isa isa) {
  std::mt19937 random = tests::seeded(2);
  for (const std::size_t width : kWidths) {
    for (std::size_t taps = 1; taps <= 9; ++taps) {
      const std::vector<Real> weights = drawn<Real>(taps, random);
      const std::vector<Real> image = drawn<Real>(taps * width, random);
      std::vector<const Real*> lines;
      for (std::size_t k = taps; k-- > 0;) lines.push_back(&image[k * width]);
      std::vector<Real> expected(width + 20, 7);
      std::vector<Real> received = expected;
      for (std::size_t x = 0; x < width; ++x) {
        expected[x] = weights[0] * lines[0][x];
        for (std::size_t k = 1; k < taps; ++k) expected[x] += weights[k] * lines[k][x];
      }
      resizeKernelsOf<Real>(isa).blend(weights.data(), lines.data(), taps, width, received.data());
      expectSame(received, expected);
    }
  }
}

template <class Real>
void checkColumns(Isa isa) {
  std::mt19937 random = tests::seeded(3);
  for (const std::size_t from : kWidths) {
    for (std::size_t taps = 1; taps <= std::min<std::size_t>(from, 9); ++taps) {
      const std::size_t height = random() % 40 + 1;
      const std::size_t to = random() % 90 + 1;
      const std::vector<Real> image = drawn<Real>(height * from, random);
      const std::vector<Real> weights = drawn<Real>(to * taps, random);
      std::vector<std::size_t> starts(to);
      for (std::size_t& start : starts) start = random() % (from - taps + 1);
      const AxisView<Real> axis{from, to, taps, starts.data(), weights.data()};
      std::vector<Real> expected(height * to + 20, 7);
      std::vector<Real> received = expected;
      for (std::size_t i = 0; i < height * to; ++i) {
        const Real* source = &image[i / to * from + starts[i % to]];
        const Real* weight = &weights[i % to * taps];
        expected[i] = weight[0] * source[0];
        for (std::size_t k = 1; k < taps; ++k) expected[i] += weight[k] * source[k];
      }
      std::vector<Real> scratch(scratchOf(axis));
      resizeKernelsOf<Real>(isa).columns(axis, image.data(), height, scratch.data(),
                                         received.data());
      expectSame(received, expected);
    }
  }
}

}  // namespace

CASE("frame kernels: luminances are exact") {
  for (const Isa isa : availableIsas()) {
    checkLuminance<float>(isa);
    checkLuminance<double>(isa);
  }
}

CASE("frame kernels: sums of lines, of any width and as many as there may be") {
  for (const Isa isa : availableIsas()) {
    checkBlend<float>(isa);
    checkBlend<double>(isa);
  }
}

CASE("frame kernels: columns into others, of images of any size") {
  for (const Isa isa : availableIsas()) {
    checkColumns<float>(isa);
    checkColumns<double>(isa);
  }
}

CASE("frame kernels: the brighter and the glow of every two bytes") {
  Bytes a(1 << 16);
  Bytes b(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<std::uint8_t>(i);
    b[i] = static_cast<std::uint8_t>(i >> 8);
  }
  for (const Isa isa : availableIsas()) {
    Bytes brighter(a.size());
    Bytes glow(a.size());
    kernelsOf(isa).brighter(a.data(), b.data(), a.size(), brighter.data());
    kernelsOf(isa).glow(a.data(), b.data(), a.size(), glow.data());
    for (std::size_t i = 0; i < a.size(); ++i) {
      const int more = std::max(a[i], b[i]);
      const int less = std::min(a[i], b[i]);
      EXPECT_EQUAL(int{brighter[i]}, more);
      EXPECT_EQUAL(int{glow[i]}, less + (more - less) * 77 / 100);
    }
  }
}

CASE("frame kernels: bytes to floats and back, ties to even") {
  Bytes bytes(256);
  std::iota(bytes.begin(), bytes.end(), std::uint8_t{0});
  std::vector<float> values;
  for (int quarter = 0; quarter < 4 * 260; ++quarter) {
    const float value = 0.25F * static_cast<float>(quarter);
    for (const float toward : {0.0F, value, 300.0F})
      values.push_back(std::nextafter(value, toward));
  }
  for (const Isa isa : availableIsas()) {
    std::vector<float> floats(bytes.size());
    kernelsOf(isa).toFloats(bytes.data(), bytes.size(), floats.data());
    EXPECT_TRUE(std::equal(bytes.begin(), bytes.end(), floats.begin()));
    Bytes received(values.size());
    kernelsOf(isa).toBytes(values.data(), values.size(), received.data());
    for (std::size_t i = 0; i < values.size(); ++i)
      EXPECT_EQUAL(static_cast<float>(received[i]), std::min(std::nearbyint(values[i]), 255.0F));
  }
}

CASE("frame kernels: a threshold, and whether a value is near it") {
  for (const Isa isa : availableIsas()) {
    for (const float near : {4.75F, 5.25F, 4.9F, 5.0F, 5.1F}) {
      std::vector<float> values(77, 9);
      std::fill(values.begin() + 30, values.end(), 2.0F);
      values[75] = near;
      Bytes received(values.size() + 1, 3);
      const bool any = kernelsOf(isa).above(values.data(), values.size(), 5, .25F, received.data());
      EXPECT_EQUAL(any, std::abs(near - 5) < .25F);
      for (std::size_t i = 0; i < values.size(); ++i)
        EXPECT_EQUAL(int{received[i]}, values[i] > 5 ? 1 : 0);
      EXPECT_EQUAL(int{received.back()}, 3);
    }
  }
}

CASE("frame kernels: frames fade, cut off at 255 and rounded down") {
  std::mt19937 random = tests::seeded(4);
  constexpr std::size_t kSize = 1001;
  std::vector<std::vector<double>> frames(4);
  for (std::vector<double>& frame : frames) frame = drawn<double>(kSize, random);
  // Just below whole numbers and on them.
  for (std::size_t i = 0; i < 300; ++i) {
    for (std::vector<double>& frame : frames) frame[i] = 0;
    const auto whole = static_cast<double>(i);
    frames[0][i] = i % 2 == 0 ? whole : std::nextafter(whole, 0);
  }
  for (const Isa isa : availableIsas()) {
    Bytes received(kSize + 1, 3);
    kernelsOf(isa).fade(frames[0].data(), frames[1].data(), frames[2].data(), frames[3].data(),
                        kSize, received.data());
    for (std::size_t i = 0; i < kSize; ++i) {
      const double sum = frames[0][i] + .75 * frames[1][i] + .5 * frames[2][i] + .25 * frames[3][i];
      EXPECT_EQUAL(static_cast<double>(received[i]), std::floor(std::min(sum, 255.0)));
    }
    EXPECT_EQUAL(int{received.back()}, 3);
  }
}

}  // namespace spiq
