#include "core/sim/simulate.h"

#include <limits>

#include "backend/registry.h"
#include "core/sim/float_pass.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::dense;
using tests::floatNetwork;

namespace {

// One hidden unit of weight 0.5 and one output of weight 2.
Graph twoUnits() {
  return chained({{"x", InputNode{{1}}},
                  {"fc1", dense(1, 1, {0.5F})},
                  {"n1", NeuronNode{}},
                  {"fc2", dense(1, 1, {2})},
                  {"n2", NeuronNode{}}});
}

struct Setup {
  ThreadPool pool{3};
  Control control{pool, 3};
  std::vector<double> observations{1};
  std::size_t rows = 1;
  RecordRequest record;
  GivenSpikes given;

  Result<SimulationResult<double>> run(const Graph& graph, const SimulationOptions& options) {
    const auto made =
        Simulation<double>::make(graph, options, *findBackend<double>("cpu", "auto").take());
    if (!made.ok()) return made.status();
    SimulationInput<double> input;
    input.observations = {observations.data(), observations.size()};
    input.rows = rows;
    input.given = given;
    return made.value()->run(input, record, control);
  }
};

template <class Real>
Status statusOf(const Graph& graph, const SimulationOptions& options) {
  return Simulation<Real>::make(graph, options, *findBackend<Real>("cpu", "auto").take()).status();
}

SimulationOptions optionsOf(std::int64_t steps, Decoding decoding = Decoding::Potential) {
  SimulationOptions options;
  options.steps = steps;
  options.decoding = decoding;
  options.epsilon = 0;
  return options;
}

}  // namespace

CASE("direct: layers see this step's spikes; every decoding by hand") {
  // The hidden unit fires in every second step; each time 2 reaches the output.
  const auto out = [](Decoding decoding) {
    return Setup().run(twoUnits(), optionsOf(5, decoding)).value().out[0];
  };
  EXPECT_EQUAL(out(Decoding::Potential), 4.0);
  EXPECT_EQUAL(out(Decoding::MaxPotential), 4.0);
  EXPECT_EQUAL(out(Decoding::MeanPotential), (0 + 2 + 2 + 4 + 4) / 5.0);
  EXPECT_EQUAL(out(Decoding::Spikes), 4.0);
  EXPECT_EQUAL(out(Decoding::FirstSpike), 1.0);
}

CASE("counts, totals, steps and traces of a run by hand") {
  Setup setup;
  setup.rows = 2;
  setup.observations = {1, 0};
  setup.record.counts = true;
  setup.record.trace = true;
  const auto result = setup.run(twoUnits(), optionsOf(3, Decoding::Spikes)).take();
  EXPECT_EQUAL(result.out, (std::vector<double>{2, 0}));
  EXPECT_EQUAL(result.counts[0], (std::vector<std::int32_t>{1, 0}));
  EXPECT_EQUAL(result.counts[1], (std::vector<std::int32_t>{2, 0}));
  EXPECT_EQUAL(result.totalSpikes, (std::vector<double>{3, 0}));
  EXPECT_EQUAL(result.steps, (std::vector<std::int32_t>{3, 3}));
  // [steps][rows]
  EXPECT_EQUAL(result.traces[0].potential, (std::vector<double>{0.5, 0, 0, 0, 0.5, 0}));
  EXPECT_EQUAL(result.traces[0].current, (std::vector<double>{0.5, 0, 0.5, 0, 0.5, 0}));
  EXPECT_EQUAL(result.traces[1].potential, (std::vector<double>{0, 0, 1, 0, 0, 0}));
  EXPECT_EQUAL(setup.control.done.load(), setup.control.total.load());
}

CASE("first spike: ends the row early, NaN and T where none comes") {
  Setup setup;
  setup.rows = 2;
  setup.observations = {1, -1};
  const auto result = setup.run(twoUnits(), optionsOf(9, Decoding::FirstSpike)).take();
  EXPECT_EQUAL(result.steps, (std::vector<std::int32_t>{2, 9}));
  EXPECT_TRUE(std::isnan(result.out[1]));
  EXPECT_EQUAL(setup.control.done.load(), std::uint64_t{18});
}

CASE("a set flag cancels before and during the run") {
  Setup setup;
  setup.control.cancelled = true;
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(5)).status(), Code::Cancelled, "cancelled");
  setup.control.cancelled = false;
  setup.rows = 100'000;
  setup.observations.assign(setup.rows, 1);
  // Days of work, were it not for the flag.
  std::thread watcher([&setup] {
    while (setup.control.done == 0) std::this_thread::yield();
    setup.control.cancelled = true;
  });
  const Status status = setup.run(twoUnits(), optionsOf(kMaxSteps)).status();
  watcher.join();
  EXPECT_STATUS(status, Code::Cancelled, "cancelled");
}

CASE("a trace of more than 2 GiB is refused before it is allocated") {
  Setup setup;
  setup.record.trace = true;
  setup.rows = 1000;
  setup.observations.assign(setup.rows, 1);
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(kMaxSteps)).status(), Code::Memory, "2 GiB");
}

CASE("inputs are checked") {
  Setup setup;
  setup.rows = 2;
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(1)).status(), Code::Shape, "2 rows of 1 values");
  setup.rows = 0;
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(1)).status(), Code::Shape, "at least one row");
  setup.rows = 1;
  setup.observations = {std::numeric_limits<double>::infinity()};
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(1)).status(), Code::NotFinite, "observations");
  setup.observations = {1};
  SimulationOptions spikes = optionsOf(3);
  spikes.encoding = Encoding::Spikes;
  EXPECT_STATUS(setup.run(twoUnits(), spikes).status(), Code::Argument, "received none");
  const std::int8_t values[] = {1, 2};
  setup.given = {values, 2};
  EXPECT_STATUS(setup.run(twoUnits(), spikes).status(), Code::Shape, "T = 3");
  EXPECT_STATUS(setup.run(twoUnits(), optionsOf(2)).status(), Code::Argument, "another encoding");
}

CASE("an output that overflows is an error") {
  Setup setup;
  setup.observations = {1e308};
  const Graph graph =
      chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {10})}, {"out", AccumulatorNode{}}});
  EXPECT_STATUS(setup.run(graph, optionsOf(2)).status(), Code::NotFinite, "decoded output");
}

CASE("options are checked when the plan is made") {
  const auto status = [](auto change, const Graph& graph = twoUnits()) {
    SimulationOptions options;
    change(options);
    return statusOf<float>(graph, options);
  };
  using Options = SimulationOptions;
  for (const std::int64_t wrong : {std::int64_t{0}, kMaxSteps + 1}) {
    EXPECT_STATUS(status([&](Options& o) { o.steps = wrong; }), Code::Range, "steps (T)");
  }
  EXPECT_STATUS(status([](Options& o) { o.epsilon = 0.5; }), Code::Range, "epsilon");
  EXPECT_STATUS(status([](Options& o) { o.threshold = 0; }), Code::Range, "threshold");
  EXPECT_STATUS(status([](Options& o) { o.biasAsObservation = true; }), Code::Shape, "bias");
  const auto dsqn = [&](auto change) {
    return status([&](Options& o) {
      o.semantics = Semantics::Dsqn;
      change(o);
    });
  };
  EXPECT_STATUS(dsqn([](Options& o) { o.encoding = Encoding::Latency; }), Code::Unsupported,
                "'latency'");
  EXPECT_STATUS(dsqn([](Options& o) { o.decoding = Decoding::MeanPotential; }), Code::Unsupported,
                "decoding");
  EXPECT_STATUS(dsqn([](Options& o) { o.reset = Reset::Value; }), Code::Unsupported, "reset");
  const Graph readout =
      chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {1})}, {"out", AccumulatorNode{}}});
  EXPECT_STATUS(status([](Options& o) { o.decoding = Decoding::Spikes; }, readout), Code::Argument,
                "never fires");
}

CASE("a threshold that rounds to 0 in float32 is refused") {
  // Padding units rest at 0: at threshold 0 they would fire, outside of every array.
  SimulationOptions options;
  options.threshold = 1e-60;
  EXPECT_STATUS(statusOf<float>(twoUnits(), options), Code::Range, "threshold");
  EXPECT_STATUS(statusOf<double>(twoUnits(), options), Code::Ok, "");
  options.threshold = 1e300;
  EXPECT_STATUS(statusOf<float>(twoUnits(), options), Code::Range, "threshold");
}

CASE("the float forward pass by hand, and its refusal of spiking networks") {
  ThreadPool pool(2);
  Control control{pool, 2};
  const auto& backend = *findBackend<double>("cpu", "auto").take();
  const auto plan = FloatPass<double>::compile(floatNetwork(), backend);
  const std::vector<double> observations{1, 2, 0, 0};
  std::vector<double> out(4);
  const Status status = plan.value().run({observations.data(), 4}, 2, out.data(), nullptr, control);
  EXPECT_STATUS(status, Code::Ok, "");
  EXPECT_EQUAL(out, (std::vector<double>{-2.75, 0.75, 0.5, 0.25}));
  EXPECT_STATUS(FloatPass<double>::compile(twoUnits(), backend).status(), Code::Unsupported,
                "neuron node 'n1'");
}

}  // namespace spiq
