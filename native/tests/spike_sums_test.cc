#include <algorithm>
#include <cmath>
#include <random>

#include "tests/check.h"
#include "tests/kernel_layer.h"

namespace spiq {

namespace {

using tests::forAll;
using tests::kColumns;
using tests::kPositions;
using tests::kSources;
using tests::kSteps;
using tests::Layer;

// Counts of [step][position][channel], and the same as words.
struct Spikes {
  std::vector<int> counts;
  std::vector<std::uint32_t> masks;
  WordView view{};

  Spikes(std::int64_t channels, int steps, bool single, std::mt19937& random) {
    const std::int64_t size = kPositions * padded(channels);
    view = {nullptr, size, single ? 1 : 3, single ? 1 : 5};
    masks.resize(static_cast<std::size_t>(view.planes * size));
    counts.resize(static_cast<std::size_t>(steps * size));
    constexpr int kCounts[] = {0, 0, 0, 0, 0, 1, 1, 3, -1, -2};
    for (std::int64_t unit = 0; unit < size; ++unit) {
      if (unit % padded(channels) >= channels) continue;
      for (int step = 0; step < steps; ++step) {
        const int drawn = kCounts[random() % std::size(kCounts)];
        const int count = single ? std::clamp(drawn, 0, 1) : drawn;
        counts[static_cast<std::size_t>(step * size + unit)] = count;
        for (int k = 0; k < std::abs(count); ++k) {
          const int plane = (count < 0 ? view.positive : 0) + k;
          masks[static_cast<std::size_t>(plane * size + unit)] |= 1U << step;
        }
      }
    }
    view.masks = masks.data();
  }
};

template <class Real>
Real gathered(Layer<Real>& layer, const Spikes& in, int step, std::int64_t unit, bool reversed) {
  Real sum = 0;
  const std::int64_t rows = layer.taps * layer.channels;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::int64_t row = reversed ? rows - 1 - i : i;
    const std::int32_t source = kSources[row / layer.channels];
    if (source < 0) continue;
    const int count = in.counts[static_cast<std::size_t>(
        step * in.view.planeStride + source * padded(layer.channels) + row % layer.channels)];
    for (int k = 0; k < std::abs(count); ++k)
      sum = count > 0 ? sum + layer.weight(row, unit) : sum - layer.weight(row, unit);
  }
  return sum;
}

template <class Real>
void checkSums(Layer<Real>& layer, const Spikes& in, int steps, std::int64_t tile,
               const AlignedVector<Real>& sums) {
  const std::int64_t width = layer.view().tileWidth(tile);
  for (int step = 0; step < steps; ++step) {
    for (std::int64_t u = 0; u < width; ++u) {
      const std::int64_t unit = tile * kTileUnits + u;
      const Real expected = unit < layer.units ? gathered(layer, in, step, unit, false) : 0;
      EXPECT_TRUE(tests::sameBits(sums[static_cast<std::size_t>(step * width + u)], expected));
    }
  }
}

template <class Real>
void checkAccumulate() {
  forAll<Real>([](const Backend<Real>& backend, Layer<Real> layer, std::mt19937& random) {
    const int steps = kSteps[random() % std::size(kSteps)];
    const Spikes in(layer.channels, steps, random() % 2 == 0, random);
    AlignedVector<Real> sums(static_cast<std::size_t>(kWordSteps * kTileUnits), Real{7});
    for (std::int64_t tile = 0; tile < layer.tiles(); ++tile) {
      const SpikeCell cell{kSources.data(), in.view, 0};
      backend.accumulate(layer.view(), tile, &cell, 1, steps, sums.data(),
                         layer.view().tileWidth(tile));
      checkSums(layer, in, steps, tile, sums);
    }
  });
}

// Two cells of a narrow layer, whose sums lie side by side.
template <class Real>
void checkAccumulateCells() {
  forAll<Real>([](const Backend<Real>& backend, Layer<Real> layer, std::mt19937& random) {
    const std::int64_t width = padded(layer.units);
    if (2 * width > kTileUnits) return;
    const int steps = kSteps[random() % std::size(kSteps)];
    const bool single = random() % 2 == 0;
    const Spikes in[]{{layer.channels, steps, single, random},
                      {layer.channels, steps, single, random}};
    const SpikeCell cells[]{{kSources.data(), in[0].view, 0}, {kSources.data(), in[1].view, width}};
    AlignedVector<Real> both(static_cast<std::size_t>(kWordSteps * kTileUnits), Real{7});
    backend.accumulate(layer.view(), 0, cells, 2, steps, both.data(), 2 * width);
    for (const std::int64_t cell : {0, 1}) {
      AlignedVector<Real> sums;
      for (int step = 0; step < steps; ++step) {
        const auto from = both.begin() + (std::int64_t{2} * step + cell) * width;
        sums.insert(sums.end(), from, from + width);
      }
      checkSums(layer, in[cell], steps, 0, sums);
    }
  });
}

// Lists of both lines of the input, cut as finely as they may be.
struct Lists {
  std::vector<std::uint32_t> units[2];
  std::vector<std::uint32_t> starts[2];
  std::vector<std::uint8_t> fired[2];
  StepLists lines[2]{};

  template <class Real>
  Lists(const Backend<Real>& backend, const Spikes& in, std::int64_t channels, int steps) {
    const std::int64_t lineUnits = kColumns * padded(channels);
    for (std::int64_t line = 0; line < 2; ++line) {
      const std::uint32_t* masks = in.masks.data() + line * lineUnits;
      const std::int64_t cuts = lineUnits / kUnitPadding;
      fired[line].resize(static_cast<std::size_t>(cuts));
      lines[line] = {kUnitPadding, cuts, fired[line].data(), 0, 0, nullptr, nullptr};
      backend.count(masks, lines[line]);
      units[line].resize(static_cast<std::size_t>(lines[line].spikes + kUnitPadding));
      starts[line].resize(static_cast<std::size_t>(steps * (cuts + 1)));
      lines[line].units = units[line].data();
      lines[line].starts = starts[line].data();
      backend.list(masks, steps, lines[line]);
      checkLine(in, line, lineUnits, steps);
    }
  }

  void checkLine(const Spikes& in, std::int64_t line, std::int64_t lineUnits, int steps) {
    const std::int64_t cuts = lines[line].cuts;
    std::vector<std::uint32_t> expected;
    for (int step = 0; step < steps; ++step) {
      for (std::int64_t unit = 0; unit < lineUnits; ++unit) {
        const auto cut = static_cast<std::size_t>(step * (cuts + 1) + unit / kUnitPadding);
        if (unit % kUnitPadding == 0) EXPECT_EQUAL(starts[line][cut], expected.size());
        const std::int64_t at = step * in.view.planeStride + line * lineUnits + unit;
        if (in.counts[static_cast<std::size_t>(at)] != 0)
          expected.push_back(static_cast<std::uint32_t>(unit));
      }
      const auto end = static_cast<std::size_t>(step * (cuts + 1) + cuts);
      EXPECT_EQUAL(starts[line][end], expected.size());
    }
    EXPECT_EQUAL(lines[line].spikes, static_cast<std::int64_t>(expected.size()));
    std::vector<std::uint8_t> some(fired[line].size());
    for (const std::uint32_t unit : expected) some[unit / kUnitPadding] = 1;
    EXPECT_EQUAL(fired[line], some);
    EXPECT_EQUAL(lines[line].firedCuts, std::count(some.begin(), some.end(), 1));
    units[line].resize(expected.size());
    EXPECT_EQUAL(units[line], expected);
  }
};

template <class Real>
void checkAccumulateLists() {
  forAll<Real>([](const Backend<Real>& backend, Layer<Real> layer, std::mt19937& random) {
    const int steps = kSteps[random() % std::size(kSteps)];
    const Spikes in(layer.channels, steps, true, random);
    const Lists lists(backend, in, layer.channels, steps);
    AlignedVector<Real> sums(static_cast<std::size_t>(kWordSteps * kTileUnits), Real{7});
    for (std::int64_t tile = 0; tile < layer.tiles(); ++tile) {
      backend.accumulateLists(layer.view(), tile, kSources.data(), lists.lines, steps, sums.data(),
                              layer.view().tileWidth(tile));
      checkSums(layer, in, steps, tile, sums);
    }
    const std::vector<std::int32_t> beyond(kSources.size(), -1);
    backend.accumulateLists(layer.view(), 0, beyond.data(), lists.lines, steps, sums.data(),
                            layer.view().tileWidth(0));
    for (std::int64_t i = 0; i < steps * layer.view().tileWidth(0); ++i)
      EXPECT_TRUE(tests::sameBits(sums[static_cast<std::size_t>(i)], Real{0}));
  });
}

template <class Real>
void checkOrderMatters() {
  std::mt19937 random = tests::seeded(13);
  Layer<Real> layer(70, 100, random);
  const Spikes in(70, 32, false, random);
  int different = 0;
  for (int step = 0; step < 32; ++step) {
    for (std::int64_t unit = 0; unit < 100; ++unit) {
      different += gathered(layer, in, step, unit, false) != gathered(layer, in, step, unit, true);
    }
  }
  EXPECT_TRUE(different > 100);
}

}  // namespace

CASE("accumulate equals the naive loop bit for bit, float") {
  checkAccumulate<float>();
}
CASE("accumulate equals the naive loop bit for bit, double") {
  checkAccumulate<double>();
}
CASE("accumulate does several cells at once") {
  checkAccumulateCells<float>();
  checkAccumulateCells<double>();
}
CASE("accumulate from lists equals the naive loop bit for bit, float") {
  checkAccumulateLists<float>();
}
CASE("accumulate from lists equals the naive loop bit for bit, double") {
  checkAccumulateLists<double>();
}
CASE("on such data another order gives other sums") {
  checkOrderMatters<float>();
  checkOrderMatters<double>();
}

}  // namespace spiq
