#include <algorithm>
#include <cmath>

#include "base/isa.h"
#include "core/frames/axis_weights.h"
#include "core/frames/preprocessor.h"
#include "tests/check.h"
#include "tests/checksum.h"
#include "tests/numbers.h"

namespace spiq {

namespace {

using Bytes = std::vector<std::uint8_t>;

std::unique_ptr<Preprocessor> made(Preprocessing kind, std::int64_t height, std::int64_t width,
                                   const std::string& isa) {
  PreprocessorOptions options;
  options.kind = kind;
  options.height = height;
  options.width = width;
  options.copies = 2;
  options.isa = isa;
  return Preprocessor::create(options).take();
}

Bytes noise(std::size_t size, std::mt19937& random) {
  Bytes frame(size);
  for (std::uint8_t& byte : frame) byte = static_cast<std::uint8_t>(random() >> 24);
  return frame;
}

// Mostly black, as games are: values near mnih's threshold.
Bytes dim(std::size_t size, std::mt19937& random) {
  Bytes frame(size);
  for (std::uint8_t& byte : frame) {
    const std::uint32_t drawn = random();
    byte = static_cast<std::uint8_t>((drawn & 15) == 0 ? drawn >> 24 : drawn >> 29);
  }
  return frame;
}

// Observations of two episodes of two copies.
Bytes observations(Preprocessor& preprocessor) {
  std::mt19937 random = tests::seeded(11);
  const std::size_t size = preprocessor.observationSize();
  const std::size_t frame = preprocessor.frameBytes();
  Bytes all;
  for (int time = 0; time < 12; ++time) {
    const std::size_t copy = time % 3 == 2 ? 1 : 0;
    const Bytes newest = time % 4 == 3 ? noise(frame, random) : dim(frame, random);
    const Bytes before = dim(frame, random);
    const FramePair frames{newest.data(), time == 5 ? nullptr : before.data()};
    Bytes into(size);
    const bool begins = !preprocessor.begun(copy) || time == 7;
    const Status status = begins ? preprocessor.begin(copy, frames, into.data())
                                 : preprocessor.step(copy, frames, into.data());
    EXPECT_TRUE(status.ok());
    all.insert(all.end(), into.begin(), into.end());
  }
  return all;
}

constexpr Preprocessing kKinds[] = {Preprocessing::Patel, Preprocessing::Mnih,
                                    Preprocessing::Nature, Preprocessing::Neon};

void expectChecksum(Preprocessing kind, const std::string& expected) {
  for (const Isa isa : availableIsas()) {
    tests::Checksum checksum;
    checksum.add(observations(*made(kind, 210, 160, isaName(isa))));
    EXPECT_EQUAL(isaName(isa) + (" " + checksum.hexadecimal()), isaName(isa) + (" " + expected));
  }
}

double sumOf(const AxisWeights<double>& axis, std::size_t o) {
  double sum = 0;
  for (std::size_t k = 0; k < axis.taps; ++k) sum += axis.weights[o * axis.taps + k];
  return sum;
}

}  // namespace

CASE("frames: every machine gives these observations, patel") {
  expectChecksum(Preprocessing::Patel, "f603b5d152ca7966");
}
CASE("frames: every machine gives these observations, mnih") {
  expectChecksum(Preprocessing::Mnih, "9d5fd525e96a9dbe");
}
CASE("frames: every machine gives these observations, nature") {
  expectChecksum(Preprocessing::Nature, "b08fef1d9d6d2491");
}
CASE("frames: every machine gives these observations, neon") {
  expectChecksum(Preprocessing::Neon, "4bc7ad9ed16472a8");
}

CASE("frames: of every size every instruction set makes the same observations") {
  constexpr std::int64_t kSizes[][2] = {{26, 1},   {27, 200}, {84, 84},   {168, 168}, {252, 84},
                                        {168, 84}, {83, 300}, {211, 161}, {400, 90},  {105, 80}};
  for (const auto& size : kSizes) {
    for (const Preprocessing kind : kKinds) {
      const Bytes expected = observations(*made(kind, size[0], size[1], "baseline"));
      for (const Isa isa : availableIsas())
        EXPECT_TRUE(observations(*made(kind, size[0], size[1], isaName(isa))) == expected);
    }
  }
}

CASE("frames: weights ascend, lie within the source and add up to one") {
  for (const std::size_t to : {1U, 80U, 84U}) {
    for (const std::size_t from : {1U, 2U, 25U, 80U, 84U, 85U, 100U, 160U, 185U, 210U, 1000U}) {
      const AxisWeights<double> axis = antialiasedAxis(from, to);
      for (std::size_t o = 0; o < to; ++o) {
        EXPECT_NEAR(sumOf(axis, o), 1, 1e-14);
        EXPECT_TRUE(axis.starts[o] + axis.taps <= from);
        EXPECT_TRUE(o == 0 || axis.starts[o] >= axis.starts[o - 1]);
      }
    }
  }
}

CASE("frames: mnih decides in float64 where float32 cannot") {
  constexpr std::size_t kHeight = 210;
  constexpr std::size_t kWidth = 160;
  // Luminance 5 wherever a pixel reaches: sums are beside the threshold by their rounding alone.
  const Bytes flat(3 * kHeight * kWidth, 5);
  const AxisWeights<double> rows = luminanceAxis(kHeight, 84);
  const AxisWeights<double> columns = antialiasedAxis(kWidth, 84);
  Bytes expected;
  for (std::size_t i = 0; i < std::size_t{84} * 84; ++i) {
    double sum = 0;
    for (std::size_t c = 0; c < columns.taps; ++c) {
      double column = 0;
      for (std::size_t r = 0; r < rows.taps; ++r)
        column += rows.weights[i / 84 * rows.taps + r] * 50000;
      sum += columns.weights[i % 84 * columns.taps + c] * column;
    }
    expected.push_back(sum > 5 ? 1 : 0);
  }
  const auto ones = std::count(expected.begin(), expected.end(), 1);
  EXPECT_TRUE(ones > 0 && ones < std::int64_t{84} * 84);
  for (const Isa isa : availableIsas()) {
    const auto preprocessor = made(Preprocessing::Mnih, kHeight, kWidth, isaName(isa));
    Bytes into(preprocessor->observationSize());
    EXPECT_TRUE(preprocessor->begin(0, {flat.data(), nullptr}, into.data()).ok());
    EXPECT_TRUE(into == expected);
  }
}

CASE("frames: options are refused by name") {
  PreprocessorOptions options;
  options.height = 0;
  EXPECT_STATUS(Preprocessor::create(options).status(), Code::Range, "'height'");
  options.height = 210;
  options.width = kMaxFrameSide + 1;
  EXPECT_STATUS(Preprocessor::create(options).status(), Code::Range, "'width'");
  options.width = 160;
  options.copies = kMaxFrameCopies + 1;
  EXPECT_STATUS(Preprocessor::create(options).status(), Code::Range, "'copies'");
  options.copies = 1;
  options.kind = Preprocessing::Patel;
  options.height = 25;
  EXPECT_STATUS(Preprocessor::create(options).status(), Code::Range, "25 rows");
  options.height = 26;
  options.isa = "sse9";
  EXPECT_STATUS(Preprocessor::create(options).status(), Code::Argument, "'sse9'");
}

}  // namespace spiq
