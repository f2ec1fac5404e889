#include <algorithm>
#include <cmath>
#include <random>

#include "backend/registry.h"
#include "base/aligned.h"
#include "base/isa.h"
#include "tests/all_settings.h"
#include "tests/check.h"
#include "tests/numbers.h"

namespace spiq {

namespace {

constexpr std::int64_t kUnits[] = {1, 2, 16, 17, 33, 65, 100, 150};
constexpr std::int64_t kChannels[] = {1, 3, 16, 31, 70};
constexpr int kSteps[] = {1, 12, 31, 32};
// Of the input, in two lines.
constexpr std::int64_t kPositions = 6;
constexpr std::int64_t kColumns = 3;
// Side by side within a line and across two, beyond the edge, one position twice.
const std::vector<std::int32_t> kSources{2, 3, -1, 4, 4, 0, 1};

template <class Real>
struct Layer {
  std::int64_t taps;
  std::int64_t channels;
  std::int64_t units;
  AlignedVector<Real> weights, bias, zeros;

  Layer(std::int64_t channelCount, std::int64_t unitCount, std::mt19937& random)
      : taps(static_cast<std::int64_t>(kSources.size())),
        channels(channelCount),
        units(unitCount),
        weights(static_cast<std::size_t>(taps * channels * padded(units))),
        bias(static_cast<std::size_t>(padded(units))),
        zeros(static_cast<std::size_t>(padded(channels))) {
    std::normal_distribution<Real> normal(Real{0}, Real{1});
    for (std::int64_t unit = 0; unit < units; ++unit) {
      for (std::int64_t row = 0; row < taps * channels; ++row) weight(row, unit) = normal(random);
      bias[unit] = normal(random);
    }
  }
  LinearView<Real> view() const {
    return {taps,           channels,       padded(channels), kColumns,
            padded(units),  weights.data(), bias.data(),      zeros.data()};
  }
  Real& weight(std::int64_t row, std::int64_t unit) {
    const std::int64_t tile = unit / kTileUnits;
    return weights[tile * kTileUnits * taps * channels + row * view().tileWidth(tile) +
                   unit % kTileUnits];
  }
  std::int64_t tiles() const { return (padded(units) + kTileUnits - 1) / kTileUnits; }
};

template <class Real, class Vector>
bool sameBits(const Vector& a, const Vector& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), tests::sameBits<Real>);
}

// The stated order: 0, then each tap and channel ascending, the bias last.
template <class Real>
Real projected(Layer<Real>& layer, const Real* x, std::int64_t unit) {
  Real sum = 0;
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (kSources[tap] < 0) continue;
    for (std::int64_t c = 0; c < layer.channels; ++c) {
      sum = std::fma(layer.weight(tap * layer.channels + c, unit),
                     x[kSources[tap] * padded(layer.channels) + c], sum);
    }
  }
  return sum + layer.bias[unit];
}

// body(backend, layer, random) for every instruction set of this machine and all sizes.
template <class Real, class Body>
void forAll(const Body& body) {
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = tests::seeded(11);
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    for (const std::int64_t units : kUnits) {
      for (const std::int64_t channels : kChannels) {
        body(backend, Layer<Real>(channels, units, random), random);
      }
    }
  }
}

template <class Real>
void checkProject() {
  forAll<Real>([](const Backend<Real>& backend, Layer<Real> layer, std::mt19937& random) {
    std::normal_distribution<Real> normal(Real{0}, Real{2});
    const std::size_t columns = 1 + random() % 14;
    const auto in = static_cast<std::size_t>(kPositions * padded(layer.channels));
    const auto out = static_cast<std::size_t>(padded(layer.units));
    std::vector<Real> x(columns * in);
    // Zeros take a way of their own.
    for (Real& value : x) value = random() % 3 == 0 ? Real{0} : normal(random);
    AlignedVector<Real> received(columns * out);
    AlignedVector<Real> expected(received.size());
    std::vector<Column<Real>> views;
    views.reserve(columns);
    for (std::size_t c = 0; c < columns; ++c)
      views.push_back({x.data() + c * in, kSources.data(), received.data() + c * out});
    for (std::int64_t tile = 0; tile < layer.tiles(); ++tile)
      backend.project(layer.view(), tile, views.data(), columns);
    for (std::size_t c = 0; c < columns; ++c) {
      for (std::size_t u = 0; u < static_cast<std::size_t>(layer.units); ++u)
        expected[c * out + u] = projected(layer, x.data() + c * in, static_cast<std::int64_t>(u));
    }
    EXPECT_TRUE((sameBits<Real>(received, expected)));
  });
}

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
    const SpikeCell cells[]{{kSources.data(), in[0].view, 0},
                            {kSources.data(), in[1].view, width}};
    AlignedVector<Real> both(static_cast<std::size_t>(kWordSteps * kTileUnits), Real{7});
    backend.accumulate(layer.view(), 0, cells, 2, steps, both.data(), 2 * width);
    for (const std::int64_t cell : {0, 1}) {
      AlignedVector<Real> sums;
      for (int step = 0; step < steps; ++step) {
        const auto from = both.begin() + (2 * step + cell) * width;
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
  StepLists lines[2]{};

  template <class Real>
  Lists(const Backend<Real>& backend, const Spikes& in, std::int64_t channels, int steps) {
    const std::int64_t lineUnits = kColumns * padded(channels);
    for (std::int64_t line = 0; line < 2; ++line) {
      const std::uint32_t* masks = in.masks.data() + line * lineUnits;
      const std::int64_t spikes = backend.count(masks, lineUnits);
      const std::int64_t cuts = lineUnits / kUnitPadding;
      units[line].resize(static_cast<std::size_t>(spikes + kUnitPadding));
      starts[line].resize(static_cast<std::size_t>(steps * (cuts + 1)));
      lines[line] = {kUnitPadding, cuts, spikes, units[line].data(), starts[line].data()};
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
struct State {
  AlignedVector<Real> current, potential, waiting, thresholds;
  std::vector<std::uint32_t> masks;

  explicit State(std::int64_t width)
      : current(static_cast<std::size_t>(width)),
        potential(current.size()),
        waiting(current.size()),
        thresholds(current.size()) {
    for (std::size_t u = 0; u < thresholds.size(); ++u)
      thresholds[u] = Real(0.5) + static_cast<Real>(u % 7) / 10;
  }
};

template <class Real>
void checkUpdate() {
  std::size_t spikes = 0;
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = tests::seeded(17);
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    std::normal_distribution<Real> normal(Real(0.3), Real{1});
    for (const std::int64_t width : {16, 32, 48, 64}) {
      for (const auto& params : tests::allSettings<Real>()) {
        const struct {
          int positive;
          int planes;
        } range{params.burst, params.ternary ? 2 * params.burst : params.burst};
        State<Real> state(width);
        State<Real> naive(width);
        AlignedVector<Real> input(static_cast<std::size_t>(kWordSteps * width));
        AlignedVector<Real> bias(static_cast<std::size_t>(width));
        for (Real& value : input) value = normal(random);
        for (Real& value : bias) value = normal(random);
        for (State<Real>* each : {&state, &naive})
          each->masks.assign(static_cast<std::size_t>(range.planes * width), ~0U);
        std::fill(naive.masks.begin(), naive.masks.end(), 0U);
        const std::int64_t stride = random() % 2 == 0 ? width : 0;
        const int steps = kSteps[random() % std::size(kSteps)];
        const int first = static_cast<int>(random() % static_cast<unsigned>(steps));
        const UnitsView<Real> units{width,
                                    state.thresholds.data(),
                                    bias.data(),
                                    state.current.data(),
                                    state.potential.data(),
                                    state.waiting.data(),
                                    state.masks.data(),
                                    width,
                                    range.positive,
                                    range.planes};
        // A word in two pieces.
        if (first > 0) backend.update(params, units, input.data(), stride, 0, first);
        backend.update(params, units, input.data() + first * stride, stride, first, steps - first);
        for (int step = 0; step < steps; ++step) {
          for (std::size_t u = 0; u < static_cast<std::size_t>(width); ++u) {
            NeuronState<Real> lane{naive.current[u], naive.potential[u], naive.waiting[u]};
            const Real sum = input[static_cast<std::size_t>(step * stride) + u] + bias[u];
            const int count =
                static_cast<int>(neuron::step<Real, Real>(params, naive.thresholds[u], lane, sum).count);
            naive.current[u] = lane.current;
            naive.potential[u] = lane.potential;
            naive.waiting[u] = lane.waiting;
            for (int k = 0; k < std::abs(count); ++k) {
              const int plane = (count < 0 ? range.positive : 0) + k;
              naive.masks[static_cast<std::size_t>(plane * width) + u] |= 1U << step;
            }
            spikes += count != 0;
          }
        }
        EXPECT_EQUAL(state.masks, naive.masks);
        EXPECT_TRUE((sameBits<Real>(state.potential, naive.potential)));
        EXPECT_TRUE((sameBits<Real>(state.current, naive.current)));
        EXPECT_TRUE((sameBits<Real>(state.waiting, naive.waiting)));
      }
    }
  }
  EXPECT_TRUE(spikes > 10'000);
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

CASE("project sums in the stated order, float") {
  checkProject<float>();
}
CASE("project sums in the stated order, double") {
  checkProject<double>();
}
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
CASE("update equals the naive loop bit for bit, float") {
  checkUpdate<float>();
}
CASE("update equals the naive loop bit for bit, double") {
  checkUpdate<double>();
}
CASE("on such data another order gives other sums") {
  checkOrderMatters<float>();
  checkOrderMatters<double>();
}

CASE("instruction sets are found by exact name") {
  const auto isas = availableIsas();
  EXPECT_TRUE(isas.front() == Isa::Baseline);
  EXPECT_TRUE(selectIsa("auto").value() == isas.back());
  for (const Isa isa : isas) EXPECT_TRUE(selectIsa(isaName(isa)).value() == isa);
  for (const Isa isa : {Isa::Avx2, Isa::Avx512, Isa::Neon}) {
    if (std::find(isas.begin(), isas.end(), isa) != isas.end()) continue;
    EXPECT_STATUS(selectIsa(isaName(isa)).status(), Code::Argument,
                  std::string("received '") + isaName(isa) + "'");
  }
  // Every processor of its kind has NEON, and no other.
#if defined(__aarch64__)
  EXPECT_TRUE((isas == std::vector<Isa>{Isa::Baseline, Isa::Neon}));
#else
  EXPECT_TRUE(std::find(isas.begin(), isas.end(), Isa::Neon) == isas.end());
#endif
  for (const char* name : {"", "AVX2", "avx", "sse2", "auto ", "NEON"}) {
    EXPECT_STATUS(selectIsa(name).status(), Code::Argument, "expected one that this machine has");
  }
  EXPECT_STATUS(findBackend<float>("gpu", "auto").status(), Code::Argument, "device");
  EXPECT_STATUS(findBackend<float>("cpu", "mmx").status(), Code::Argument, "'mmx'");
}

}  // namespace spiq
