#include <algorithm>
#include <cmath>
#include <random>

#include "backend/registry.h"
#include "base/isa.h"
#include "core/learn/transposed_linear.h"
#include "tests/check.h"
#include "tests/numbers.h"
#include "tests/sample_graphs.h"

// Gradients of linear layers against plain loops in the stated order, bit for bit.

namespace spiq {

namespace {

struct Case {
  std::int64_t in;
  std::int64_t out;
  std::int64_t groups;
  Sizes kernel;
  Sizes stride;
  Sizes dilation;
  Sizes padding;
  Shape spatial;
  bool tight = false;
};

const Case kCases[] = {
    {3, 5, 1, {1}, {1}, {1}, {0, 0}, {1}},
    {70, 150, 1, {1}, {1}, {1}, {0, 0}, {1}},
    {33, 17, 1, {3}, {1}, {1}, {1, 1}, {7}},
    {4, 33, 1, {4, 4}, {2, 2}, {1, 1}, {0, 0, 0, 0}, {10, 8}, true},
    {16, 64, 1, {3, 2}, {1, 2}, {2, 1}, {2, 0, 1, 1}, {6, 5}},
    {32, 48, 1, {3, 3}, {2, 2}, {1, 1}, {1, 1, 1, 1}, {7, 7}},
    {6, 80, 2, {3}, {1}, {1}, {1, 1}, {5}},
    {99, 75, 3, {2}, {2}, {1}, {0, 0}, {6}},
    {96, 96, 96, {3, 3}, {1, 1}, {1, 1}, {1, 1, 1, 1}, {4, 5}},
    {17, 17, 17, {2}, {3}, {1}, {0, 0}, {9}},
    {40, 20, 20, {3}, {1}, {1}, {1, 1}, {4}},
    {80, 28, 4, {3}, {1}, {1}, {0, 0}, {8}},
};

template <class Real>
LinearData<Real> layerOf(const Case& sizes, std::mt19937& random) {
  ConvNode node;
  Shape weight{sizes.out, sizes.in / sizes.groups};
  weight.insert(weight.end(), sizes.kernel.begin(), sizes.kernel.end());
  node.weight = tests::ramp(weight, 0, 0);
  std::normal_distribution<float> normal(0, 1);
  for (float& value : node.weight.data) value = normal(random);
  node.groups = sizes.groups;
  node.stride = sizes.stride;
  node.dilation = sizes.dilation;
  node.padding = sizes.padding;
  Shape in{sizes.in};
  in.insert(in.end(), sizes.spatial.begin(), sizes.spatial.end());
  LinearData<Real> layer(node, in, node.outputShape(in, "conv").value());
  if (sizes.tight) layer.tightenInput();
  return layer;
}

// Values of [row][step][position][stride], padding 0, or such spikes with the same as words.
template <class Real>
struct Values {
  std::int64_t rows;
  std::int64_t steps;
  std::int64_t size;
  std::vector<Real> reals;
  std::vector<std::uint32_t> masks;  // [word][plane][row][size]
  int positive = 0;
  int planes = 0;

  Values(const Layout& layout, std::int64_t rowCount, std::int64_t stepCount)
      : rows(rowCount),
        steps(stepCount),
        size(layout.size()),
        reals(static_cast<std::size_t>(rows * steps * size)) {}

  template <class Draw>
  void fill(const Layout& layout, const Draw& draw) {
    for (std::size_t i = 0; i < reals.size(); ++i) {
      if (static_cast<std::int64_t>(i) % layout.stride < layout.channels) reals[i] = draw();
    }
  }
  void encode(int most, bool negative) {
    positive = most;
    planes = negative ? 2 * most : most;
    const Extent extent{rows, 1, steps, nullptr, true};
    const std::int64_t words = extent.words();
    masks.resize(static_cast<std::size_t>(words * planes * rows * size));
    for (std::int64_t i = 0; i < static_cast<std::int64_t>(reals.size()); ++i) {
      const std::int64_t step = i / size % steps;
      std::int64_t word = words - 1;
      while (extent.before(word) > step) --word;
      const int count = static_cast<int>(reals[static_cast<std::size_t>(i)]);
      for (int k = 0; k < std::abs(count); ++k) {
        const std::int64_t plane = word * planes + (count < 0 ? positive : 0) + k;
        const std::int64_t at = (plane * rows + i / size / steps) * size + i % size;
        masks[static_cast<std::size_t>(at)] |= 1U << (step - extent.before(word));
      }
    }
  }
  Batch<const Real> batch() const { return {reals.data(), steps * size, size}; }
  SpikeBatch spikes() const {
    return {masks.data(), size, planes * rows * size, rows * size, positive, planes};
  }
  Real at(std::int64_t row, std::int64_t step, std::int64_t place) const {
    return reals[static_cast<std::size_t>((row * steps + step) * size + place)];
  }
};

template <class Real>
Extent extentOf(const LinearData<Real>& layer, std::int64_t rows, std::int64_t steps) {
  bool whole = true;
  for (std::int64_t p = 0; p < layer.out().positions; ++p) whole &= layer.whole(p);
  return {rows, layer.out().positions, steps, layer.sources(0), whole};
}

template <class Real>
std::int64_t rowsOf(const LinearView<Real>& view, std::int64_t tile) {
  return view.taps * (view.alone ? 1 : view.ranges[tile].count());
}

// 0 or what was there, then observation, position and step ascending.
template <class Real>
Real expectedGradient(const LinearData<Real>& layer, const Values<Real>& x, const Values<Real>& dy,
                      std::int64_t tap, std::int64_t channel, std::int64_t unit, Real sum) {
  for (std::int64_t row = 0; row < dy.rows; ++row) {
    for (std::int64_t position = 0; position < layer.out().positions; ++position) {
      const std::int64_t source = layer.sources(position)[tap];
      if (source < 0) continue;
      for (std::int64_t step = 0; step < dy.steps; ++step) {
        sum = std::fma(x.at(row, step, source * layer.in().stride + channel),
                       dy.at(row, step, position * layer.out().stride + unit), sum);
      }
    }
  }
  return sum;
}

template <class Real>
std::vector<Real> expectedGradients(const LinearData<Real>& layer, const Values<Real>& x,
                                    const Values<Real>& dy, std::vector<Real> sums) {
  const LinearView<Real> view = layer.view();
  for (std::int64_t unit = 0; unit < layer.out().stride; ++unit) {
    const std::int64_t tile = unit / kTileUnits;
    const ChannelRange& range = view.ranges[tile];
    for (std::int64_t row = 0; row < rowsOf(view, tile); ++row) {
      const std::int64_t tap = view.alone ? row : row / range.count();
      const std::int64_t channel = view.alone ? unit : range.first + row % range.count();
      const bool joined =
          unit < layer.out().channels && channel / view.groupChannels == unit / view.groupUnits;
      Real& sum = sums[static_cast<std::size_t>(view.tileOffset(tile) + row * view.tileWidth(tile) +
                                                unit % kTileUnits)];
      sum = joined ? expectedGradient(layer, x, dy, tap, channel, unit, sum) : Real{0};
    }
  }
  return sums;
}

template <class Real>
bool same(const std::vector<Real>& a, const std::vector<Real>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), tests::sameBits<Real>);
}

// body(backend) for each instruction set of this machine.
template <class Real, class Body>
void onAll(const Body& body) {
  for (const Isa isa : availableIsas()) body(*findBackend<Real>("cpu", isaName(isa)).take());
}

// Calls body(tile, rows) for the rows of all tiles, cut in two anywhere.
template <class Real, class Body>
void inPieces(const LinearView<Real>& view, const Layout& out, std::mt19937& random,
              const Body& body) {
  for (std::int64_t tile = 0; tile < out.tiles(); ++tile) {
    const std::int64_t rows = rowsOf(view, tile);
    const auto cut = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(rows + 1));
    if (cut > 0) body(tile, WeightRows{0, cut});
    if (cut < rows) body(tile, WeightRows{cut, rows});
  }
}

template <class Real>
void checkWeightGradients(bool fromSpikes) {
  std::mt19937 random = tests::seeded(23);
  std::normal_distribution<Real> normal(Real{0}, Real{1});
  for (const Case& sizes : kCases) {
    if (fromSpikes && sizes.tight) continue;  // only constant inputs lie without padding
    const LinearData<Real> layer = layerOf<Real>(sizes, random);
    const LinearView<Real> view = layer.view();
    for (const std::int64_t steps : {1, 3, 37}) {
      const std::int64_t rows = steps == 3 ? 11 : 2;
      Values<Real> x(layer.in(), rows, steps);
      Values<Real> dy(layer.out(), rows, steps);
      dy.fill(layer.out(), [&] { return normal(random); });
      const bool counted = random() % 2 == 0;
      x.fill(layer.in(), [&] {
        if (!fromSpikes) return normal(random);
        if (random() % 4 != 0) return Real{0};
        return counted ? static_cast<Real>(static_cast<int>(random() % 6) - 3) : Real{1};
      });
      if (fromSpikes) x.encode(counted ? 3 : 1, counted);
      std::vector<Real> before(layer.weights().size(), Real{0});
      if (steps == 3) std::generate(before.begin(), before.end(), [&] { return normal(random); });
      // Nothing lies where there is no weight.
      before = expectedGradients(layer, Values<Real>(layer.in(), 0, 1),
                                 Values<Real>(layer.out(), 0, 1), before);
      const std::vector<Real> expected = expectedGradients(layer, x, dy, before);
      const Extent extent = extentOf(layer, rows, steps);
      onAll<Real>([&](const Backend<Real>& backend) {
        std::vector<Real> received =
            steps == 3 ? before : std::vector<Real>(before.size(), Real{7});
        inPieces(view, layer.out(), random, [&](std::int64_t tile, WeightRows piece) {
          if (fromSpikes) {
            backend.spikeGradient(view, tile, piece, extent, x.spikes(), dy.batch(), steps == 3,
                                  received.data());
          } else {
            backend.weightGradient(view, tile, piece, extent, x.batch(), dy.batch(), steps == 3,
                                   received.data());
          }
        });
        EXPECT_TRUE(same(received, expected));
      });
    }
  }
}

template <class Real>
void checkBiasGradients() {
  std::mt19937 random = tests::seeded(29);
  std::normal_distribution<Real> normal(Real{0}, Real{1});
  for (const Case& sizes : kCases) {
    const LinearData<Real> layer = layerOf<Real>(sizes, random);
    Values<Real> dy(layer.out(), 3, 5);
    dy.fill(layer.out(), [&] { return normal(random); });
    const auto units = static_cast<std::size_t>(layer.out().stride);
    for (const bool add : {false, true}) {
      std::vector<Real> expected(units, add ? Real{2} : Real{0});
      for (std::int64_t row = 0; row < dy.rows; ++row) {
        for (std::int64_t place = 0; place < layer.out().size(); ++place) {
          Real& sum = expected[static_cast<std::size_t>(place) % units];
          for (std::int64_t step = 0; step < dy.steps; ++step) sum += dy.at(row, step, place);
        }
      }
      onAll<Real>([&](const Backend<Real>& backend) {
        std::vector<Real> received(units, Real{2});
        const Extent extent = extentOf(layer, 3, 5);
        const std::int64_t cut = layer.out().stride / 32 * 16;
        backend.biasGradient(layer.out().stride, 0, cut, extent, dy.batch(), add, received.data());
        backend.biasGradient(layer.out().stride, cut, layer.out().stride, extent, dy.batch(), add,
                             received.data());
        EXPECT_TRUE(same(received, expected));
      });
    }
  }
}

// For each input 0, then each tap and unit ascending, of the position that looks at it.
template <class Real>
std::vector<Real> expectedInputs(const LinearData<Real>& layer, const Values<Real>& dy) {
  const LinearView<Real> view = layer.view();
  std::vector<Real> sums(static_cast<std::size_t>(dy.rows * dy.steps * layer.in().size()));
  for (std::int64_t sample = 0; sample < dy.rows * dy.steps; ++sample) {
    for (std::int64_t tap = 0; tap < view.taps; ++tap) {
      for (std::int64_t position = 0; position < layer.out().positions; ++position) {
        const std::int64_t source = layer.sources(position)[tap];
        if (source < 0) continue;
        for (std::int64_t channel = 0; channel < layer.in().channels; ++channel) {
          Real& sum = sums[static_cast<std::size_t>(sample * layer.in().size() +
                                                    source * layer.in().stride + channel)];
          for (std::int64_t unit = 0; unit < layer.out().channels; ++unit) {
            if (unit / view.groupUnits != channel / view.groupChannels) continue;
            const std::int64_t tile = unit / kTileUnits;
            const ChannelRange& range = view.ranges[tile];
            const std::int64_t row = view.alone ? tap : tap * range.count() + channel - range.first;
            const Real weight =
                view.tileWeights(tile)[row * view.tileWidth(tile) + unit % kTileUnits];
            sum = std::fma(weight, dy.at(0, sample, position * layer.out().stride + unit), sum);
          }
        }
      }
    }
  }
  return sums;
}

template <class Real>
void checkInputGradients() {
  std::mt19937 random = tests::seeded(31);
  std::normal_distribution<Real> normal(Real{0}, Real{1});
  for (const Case& sizes : kCases) {
    if (sizes.tight) continue;  // of a network's input no gradient is asked for
    const LinearData<Real> layer = layerOf<Real>(sizes, random);
    TransposedLinear<Real> transposed(layer);
    for (const std::int64_t rows : {1, 13}) {
      const std::int64_t steps = rows == 1 ? 1 : 3;
      Values<Real> dy(layer.out(), rows, steps);
      dy.fill(layer.out(), [&] { return normal(random); });
      const std::vector<Real> expected = expectedInputs(layer, dy);
      onAll<Real>([&](const Backend<Real>& backend) {
        AlignedVector<Real> received(expected.size(), Real{7});
        std::vector<Column<Real>> columns;
        const std::int64_t size = layer.in().size();
        transposed.start(rows, steps, dy.batch(), {received.data(), steps * size, size});
        for (std::size_t task = transposed.tasks(); task-- > 0;)
          transposed.run(backend, task, columns);
        EXPECT_TRUE(std::equal(received.begin(), received.end(), expected.begin(), expected.end(),
                               tests::sameBits<Real>));
      });
    }
  }
}

}  // namespace

CASE("weight gradients sum in the stated order, float") {
  checkWeightGradients<float>(false);
}
CASE("weight gradients sum in the stated order, double") {
  checkWeightGradients<double>(false);
}
CASE("weight gradients from spikes are those from as many reals, float") {
  checkWeightGradients<float>(true);
}
CASE("weight gradients from spikes are those from as many reals, double") {
  checkWeightGradients<double>(true);
}
CASE("bias gradients sum in the stated order") {
  checkBiasGradients<float>();
  checkBiasGradients<double>();
}
CASE("input gradients sum in the stated order, float") {
  checkInputGradients<float>();
}
CASE("input gradients sum in the stated order, double") {
  checkInputGradients<double>();
}
CASE("no observation gives gradients of 0") {
  std::mt19937 random = tests::seeded(37);
  const LinearData<float> layer = layerOf<float>(kCases[2], random);
  const Values<float> none(layer.out(), 0, 1);
  onAll<float>([&](const Backend<float>& backend) {
    std::vector<float> received(layer.weights().size(), 3.0F);
    backend.weightGradient(layer.view(), 0, {0, rowsOf(layer.view(), 0)}, extentOf(layer, 0, 1),
                           none.batch(), none.batch(), false, received.data());
    EXPECT_TRUE(std::all_of(received.begin(), received.end(), [](float v) { return v == 0.0F; }));
  });
}

}  // namespace spiq
