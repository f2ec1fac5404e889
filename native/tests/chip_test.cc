#include "core/fixed/chip.h"

#include <limits>

#include "core/fixed/chip_parameters.h"
#include "tests/check.h"

namespace spiq {

namespace {

constexpr double kIdeal = std::numeric_limits<double>::infinity();

ChipLayerSpec dense(std::size_t units, std::vector<double> weights) {
  ChipLayerSpec layer;
  layer.units = units;
  layer.dense = std::move(weights);
  layer.thresholds.assign(units, 1);
  return layer;
}

// One input, whose value is the current of one unit; then the given layers.
ChipSpec behindOneUnit(std::vector<ChipLayerSpec> layers) {
  layers.insert(layers.begin(), dense(1, {1}));
  return {1, std::move(layers)};
}

ChipLayerSpec readout(std::size_t units, std::vector<double> weights) {
  ChipLayerSpec layer = dense(units, std::move(weights));
  layer.fires = false;
  return layer;
}

Result<ChipResult> run(const ChipSpec& spec, const std::vector<double>& observations,
                       const ChipOptions& options, std::size_t threads = 1) {
  auto chip = Chip::make(spec);
  if (!chip.ok()) return chip.status();
  ThreadPool pool(threads);
  Control control{pool, threads};
  return chip.value()->run({observations.data(), observations.size()},
                           observations.size() / spec.inputs, options, control);
}

ChipResult runs(const ChipSpec& spec, const std::vector<double>& observations,
                const ChipOptions& options, std::size_t threads = 1) {
  auto result = run(spec, observations, options, threads);
  EXPECT_EQUAL(result.status().message(), "");
  return result.take();
}

Result<Receptors> quantised(const std::vector<double>& weights,
                            const std::optional<Shifts>& shifts = std::nullopt) {
  const ChipLayerSpec layer = dense(1, weights);
  return quantise(byInput(layer, weights.size()), 1, shifts, "layer 1");
}

std::vector<int> shiftsOf(const std::vector<double>& weights) {
  const auto receptors = quantised(weights);
  return {receptors.value().each[0].shift, receptors.value().each[1].shift};
}

// Numbers that look random, the same on every machine.
double wild(std::size_t index, double scale) {
  const std::uint64_t mixed = (index + 1) * 0x9e3779b97f4a7c15U;
  return scale * (static_cast<double>((mixed >> 33) % 2001) / 1000 - 1);
}

ChipSpec wildNetwork() {
  ChipSpec spec{3, {}};
  std::size_t inputs = 3;
  std::size_t seed = 0;
  for (const std::size_t units : {7, 9, 2}) {
    std::vector<double> weights;
    weights.reserve(units * inputs);
    for (std::size_t i = 0; i < units * inputs; ++i) weights.push_back(wild(seed++, 2));
    spec.layers.push_back(dense(units, weights));
    for (std::size_t u = 0; u < units; ++u) spec.layers.back().bias.push_back(wild(seed++, 0.6));
    inputs = units;
  }
  spec.layers.back().fires = false;
  return spec;
}

std::vector<double> wildRows(std::size_t rows) {
  std::vector<double> values;
  values.reserve(rows * 3);
  for (std::size_t i = 0; i < rows * 3; ++i) values.push_back(wild(1000 + i, 1.5));
  return values;
}

}  // namespace

CASE("numbers of the chip: halves to the even step, none outside the range") {
  EXPECT_TRUE(toS1615(1) == 32768);
  EXPECT_TRUE(toS1615(0.5 / 32768) == 0);
  EXPECT_TRUE(toS1615(1.5 / 32768) == 2);
  EXPECT_TRUE(toS1615(-0.5 / 32768) == 0);
  EXPECT_TRUE(toS1615(-65536) == INT32_MIN);
  EXPECT_TRUE(toS1615(65535.99997) == INT32_MAX);
  EXPECT_TRUE(!toS1615(65536));
  EXPECT_TRUE(!toS1615(-65536.1));
  EXPECT_TRUE(!toS1615(std::nan("")));
}

CASE("a time constant that is a power of two adds exactly the current") {
  for (const double tauM : {1024.0, 2048.0, 4096.0, 8192.0, 32768.0}) {
    const Membrane membrane = Membrane::leaky(tauM, Rounding::Nearest);
    EXPECT_EQUAL(membrane.gain(), 1.0);
    bool wrapped = false;
    EXPECT_EQUAL(membrane.step(0, 12345, wrapped), 12345);
    EXPECT_TRUE(!wrapped);
  }
  EXPECT_NEAR(Membrane::leaky(100, Rounding::Nearest).gain(), 0.99487, 1e-5);
}

CASE("a potential leaks, by less than a step of its own where that rounds away") {
  bool wrapped = false;
  const Membrane nearest = Membrane::leaky(1024, Rounding::Nearest);
  EXPECT_EQUAL(nearest.step(1024, 0, wrapped), 1023);
  EXPECT_EQUAL(nearest.step(100, 0, wrapped), 100);
  EXPECT_EQUAL(nearest.step(-100, 0, wrapped), -100);
  // What is cut off goes down, and so the difference that remains goes up.
  const Membrane truncating = Membrane::leaky(1024, Rounding::Truncate);
  EXPECT_EQUAL(truncating.step(-100, 0, wrapped), -99);
  EXPECT_EQUAL(truncating.step(100, 0, wrapped), 100);
  EXPECT_TRUE(!wrapped);
}

CASE("products and sums wrap, and say so") {
  const Membrane membrane = Membrane::leaky(4096, Rounding::Nearest);
  bool wrapped = false;
  // 16 * 4096 = 65536 becomes -65536.
  EXPECT_EQUAL(membrane.step(0, std::int64_t{16} * 32768, wrapped), -16 * 32768);
  EXPECT_TRUE(wrapped);
  wrapped = false;
  EXPECT_EQUAL(Membrane::ideal().step(INT32_MAX, 1, wrapped), INT32_MIN);
  EXPECT_TRUE(wrapped);
  wrapped = false;
  EXPECT_EQUAL(membrane.step(0, std::int64_t{15} * 32768, wrapped), 15 * 32768);
  EXPECT_TRUE(!wrapped);
}

CASE("shifts: the least that the largest sum stays below") {
  EXPECT_EQUAL(shiftsOf({13.4, -40.8}), (std::vector<int>{4, 6}));
  EXPECT_EQUAL(shiftsOf({6.7, 6.7, -20.4, -20.4}), (std::vector<int>{4, 6}));
  EXPECT_EQUAL(shiftsOf({0.3}), (std::vector<int>{0, 0}));
  EXPECT_EQUAL(shiftsOf({1, -0.999}), (std::vector<int>{1, 0}));
  EXPECT_EQUAL(shiftsOf({16, -15.999}), (std::vector<int>{5, 4}));
  EXPECT_STATUS(quantised({20000, 20000}).status(), Code::Range, "sum of a unit's excitatory");
}

CASE("weights: the nearest quantum, half of one is lost, the sign chooses the receptor") {
  const double quantum = std::ldexp(1.0, 2 - 15);
  const auto receptors =
      quantised({0.5 * quantum, 1.5 * quantum, -2.4 * quantum, 0, 1}, Shifts{2, 2}).take();
  EXPECT_EQUAL(receptors.connections, 4U);
  EXPECT_EQUAL(receptors.vanished, 1U);
  EXPECT_NEAR(receptors.largestError, 0.5 * quantum, 1e-12);
  EXPECT_EQUAL(receptors.each[0].weights.weights, (std::vector<std::uint16_t>{2, 8192}));
  EXPECT_EQUAL(receptors.each[1].weights.weights, (std::vector<std::uint16_t>{2}));
  EXPECT_EQUAL(receptors.each[0].weights.starts, (std::vector<std::size_t>{0, 0, 1, 1, 1, 2}));
  EXPECT_STATUS(quantised({2}, Shifts{0, 0}).status(), Code::Range,
                "layer 1, excitatory weights: expected less than 2 with the shift given");
  EXPECT_EQUAL(quantised({65535.0 / 32768}, Shifts{0, 0}).value().largestError, 0.0);
}

CASE("each layer takes the spikes of the step before, and is counted that much later") {
  // The unit fires in steps 1, 3, 5, ...; the second layer one step later, the third two.
  const auto result =
      runs(behindOneUnit({dense(1, {1}), dense(1, {1}), readout(1, {0.25})}), {0.5}, {5, kIdeal});
  EXPECT_EQUAL(result.counts, (std::vector<std::uint32_t>{2, 2, 2}));
  EXPECT_EQUAL(result.potentials, (std::vector<double>{0.5}));
  const auto longer =
      runs(behindOneUnit({dense(1, {1}), dense(1, {1}), readout(1, {0.25})}), {0.5}, {6, kIdeal});
  EXPECT_EQUAL(longer.counts, (std::vector<std::uint32_t>{3, 3, 3}));
}

CASE("a trace holds each layer's own steps") {
  const auto chip = Chip::make(behindOneUnit({dense(2, {1, 0.5}), readout(1, {0.25, 0.25})}));
  ThreadPool pool(1);
  Control control{pool, 1};
  const double row = 0.5;
  const ChipTrace trace = chip.value()->trace({&row, 1}, {4, kIdeal}, control).take();
  const std::vector<std::vector<std::uint32_t>> spikes{{1, 0, 3, 0}, {1, 0, 3, 0, 3, 1}, {}};
  EXPECT_TRUE(trace.spikes == spikes);
  EXPECT_EQUAL(trace.potentials[0], (std::vector<double>{0.5, 0, 0.5, 0}));
  EXPECT_EQUAL(trace.potentials[1], (std::vector<double>{0, 0, 0, 0.5, 0, 0.5, 0, 0}));
  EXPECT_EQUAL(trace.potentials[2], (std::vector<double>{0, 0.25, 0.25, 0.75}));
  EXPECT_STATUS(chip.value()->trace({&row, 1}, {kMaxChipSteps * 10, kIdeal}, control).status(),
                Code::Memory, "trace of every step");
}

CASE("a potential at the threshold fires, and starts again at 0 whatever is above") {
  const auto exactly = runs({1, {dense(1, {1})}}, {0.5}, {4, kIdeal});
  EXPECT_EQUAL(exactly.counts, (std::vector<std::uint32_t>{2}));
  EXPECT_EQUAL(exactly.potentials, (std::vector<double>{0}));
  const auto above = runs({1, {dense(1, {1})}}, {0.75}, {3, kIdeal});
  EXPECT_EQUAL(above.counts, (std::vector<std::uint32_t>{1}));
  EXPECT_EQUAL(above.potentials, (std::vector<double>{0.75}));
  const auto below = runs({1, {dense(1, {1})}}, {0.5 - 1.0 / 32768}, {2, kIdeal});
  EXPECT_EQUAL(below.counts, (std::vector<std::uint32_t>{0}));
}

CASE("biases are lined up by where a unit starts, as far as its threshold lets it") {
  ChipSpec spec = behindOneUnit({dense(2, {0, 0}), dense(3, std::vector<double>(6))});
  spec.layers[1].bias = {0.5, -0.25};
  spec.layers[2].bias = {0.25, -0.25, -0.75};
  auto chip = Chip::make(spec);
  const auto& layers = chip.value()->layers();
  EXPECT_EQUAL(layers[1].start, (std::vector<S1615>{-16384, 8192}));
  EXPECT_EQUAL(layers[2].start, (std::vector<S1615>{-16384, 16384, 32767}));
  EXPECT_EQUAL(layers[1].unaligned, 0U);
  EXPECT_EQUAL(layers[2].unaligned, 1U);
  const auto result = runs(spec, {0}, {8, kIdeal});
  // As many as a unit with this bias fires in 8 steps of its own.
  EXPECT_EQUAL(result.counts, (std::vector<std::uint32_t>{0, 4, 0, 2, 0, 0}));
  EXPECT_EQUAL(result.potentials[1], -2.0);
  spec.layers[2].initial = std::vector<double>{0, 0, 0};
  EXPECT_EQUAL(Chip::make(spec).value()->layers()[2].unaligned, 3U);
  spec.layers[2].initial = std::vector<double>{-0.5, 0.5, 1.5};
  EXPECT_EQUAL(Chip::make(spec).value()->layers()[2].unaligned, 0U);
}

CASE("buffers are cut at 65535, each receptor by itself") {
  ChipSpec spec{1, {dense(3, {1, 1, 1}), readout(1, {1, 0.75, -1.5})}};
  spec.layers[1].shifts = Shifts{0, 0};
  const auto fits = runs(spec, {1}, {1, kIdeal});
  EXPECT_EQUAL(fits.layers[1].clipped, 0U);
  EXPECT_EQUAL(fits.potentials[0], 0.25);
  spec.layers[1].dense = {1.5, 0.75, -1.5};
  const auto cut = runs(spec, {1}, {1, kIdeal});
  EXPECT_EQUAL(cut.layers[1].clipped, 1U);
  EXPECT_EQUAL(cut.potentials[0], 65535.0 / 32768 - 1.5);
}

CASE("the time constant chosen keeps the largest current in the range") {
  EXPECT_EQUAL(largestTauM(0), 32768.0);
  EXPECT_EQUAL(largestTauM(15.54), 4096.0);
  EXPECT_EQUAL(largestTauM(65535.0 / 4096), 4096.0);
  EXPECT_EQUAL(largestTauM(16), 2048.0);
  EXPECT_EQUAL(largestTauM(70000), 1.0);
  const auto chosen = runs({1, {dense(1, {1})}}, {0.5, -15.5, 3}, {20, std::nullopt});
  EXPECT_EQUAL(chosen.tauM, 4096.0);
  EXPECT_EQUAL(chosen.layers[0].overflows, 0U);
  const auto given = runs({1, {dense(1, {1})}}, {0.5, -15.5, 3}, {20, 8192});
  EXPECT_EQUAL(given.layers[0].overflows, 20U);
}

CASE("rows are computed by themselves, on any number of threads") {
  const ChipSpec spec = wildNetwork();
  const std::vector<double> rows = wildRows(61);
  const auto whole = runs(spec, rows, {50, 512});
  for (const std::size_t threads : {2, 5}) {
    const auto shared = runs(spec, rows, {50, 512}, threads);
    EXPECT_EQUAL(shared.counts, whole.counts);
    EXPECT_EQUAL(shared.potentials, whole.potentials);
    for (std::size_t l = 0; l < 3; ++l) {
      EXPECT_EQUAL(shared.layers[l].overflows, whole.layers[l].overflows);
      EXPECT_EQUAL(shared.layers[l].largest, whole.layers[l].largest);
    }
  }
  const std::vector<double> last(rows.end() - 3, rows.end());
  const auto alone = runs(spec, last, {50, 512});
  EXPECT_EQUAL(alone.counts,
               std::vector<std::uint32_t>(whole.counts.end() - 16, whole.counts.end()));
  std::uint64_t spikes = 0;
  for (const std::uint32_t count : whole.counts) spikes += count;
  EXPECT_TRUE(spikes > 1000);
}

CASE("a list of connections is the same network, in whatever order it is written") {
  const ChipSpec spec = wildNetwork();
  ChipSpec sparse = spec;
  std::size_t inputs = 3;
  for (ChipLayerSpec& layer : sparse.layers) {
    ConnectionList list;
    for (std::size_t at = layer.dense.size(); at-- > 0;) {
      list.pre.push_back(static_cast<std::uint32_t>(at % inputs));
      list.post.push_back(static_cast<std::uint32_t>(at / inputs));
      list.weights.push_back(layer.dense[at]);
    }
    layer.dense.clear();
    layer.list = list;
    inputs = layer.units;
  }
  const std::vector<double> rows = wildRows(20);
  EXPECT_EQUAL(runs(sparse, rows, {50, 1024}).counts, runs(spec, rows, {50, 1024}).counts);
  EXPECT_EQUAL(runs(sparse, rows, {50, 1024}).potentials, runs(spec, rows, {50, 1024}).potentials);
}

CASE("what the chip cannot hold is refused") {
  const auto refused = [](const ChipSpec& spec, Code code, const std::string& part) {
    EXPECT_STATUS(Chip::make(spec).status(), code, part);
  };
  refused({1, {}}, Code::Shape, "at least one input and one layer");
  refused({2, {dense(1, {1})}}, Code::Shape, "layer 0, weights: expected 2 values");
  refused({1, {dense(1, {std::nan("")})}}, Code::NotFinite, "layer 0, weights");
  ChipSpec spec = behindOneUnit({dense(1, {1})});
  spec.layers[1].bias = {70000};
  refused(spec, Code::Range,
          "layer 1, bias of unit 0: expected a number from -65536 to below 65536");
  spec.layers[1].bias = {};
  spec.layers[1].thresholds = {0};
  refused(spec, Code::Range, "layer 1, threshold of unit 0");
  spec.layers[1].thresholds = {1};
  spec.layers[0].fires = false;
  refused(spec, Code::Unsupported, "layer 0: expected one that fires");
  spec.layers[0].fires = true;
  spec.layers[1].list = ConnectionList{{0, 1}, {0, 0}, {1, 1}};
  refused(spec, Code::Range, "layer 1, 'pre': expected numbers below 1, received 1");
  spec.layers[1].list = ConnectionList{{0}, {0, 0}, {1}};
  refused(spec, Code::Shape, "layer 1, 'post' and 'value': expected 1 values");
}

CASE("the first row whose current has no place on the chip is named") {
  const std::vector<double> rows{1, 2, 3, 70000, 5, -70000};
  for (const std::size_t threads : {1, 3}) {
    EXPECT_STATUS(run({1, {dense(1, {1})}}, rows, {5, 1024}, threads).status(), Code::Range,
                  "row 3, current of the first layer's unit 0");
  }
  EXPECT_STATUS(run({1, {dense(1, {1})}}, {1}, {5, 0}).status(), Code::Range, "option 'tauM'");
  EXPECT_STATUS(run({1, {dense(1, {1})}}, {1}, {5, 65536}).status(), Code::Range, "option 'tauM'");
  EXPECT_STATUS(run({1, {dense(1, {1})}}, {}, {5, 1024}).status(), Code::Shape, "at least one row");
}

CASE("a cancelled run ends") {
  auto chip = Chip::make({1, {dense(1, {1})}});
  ThreadPool pool(1);
  Control control{pool, 1};
  control.cancelled = true;
  const double row = 1;
  EXPECT_STATUS(chip.value()->run({&row, 1}, 1, {kMaxChipSteps, 1024}, control).status(),
                Code::Cancelled, "the call was cancelled");
}

}  // namespace spiq
