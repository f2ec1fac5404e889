#include "core/sim/row_stream.h"

#include "backend/registry.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::dense;

namespace {

// Weight 0.5 into the first unit, 2 into the second: the first fires in every second step.
struct Setup {
  ThreadPool pool{3};
  Control control{pool, 3};
  std::unique_ptr<Simulation<double>> simulation;
  std::vector<double> observations{1, 0, 1};

  explicit Setup(Encoding encoding = Encoding::Constant) {
    const Graph graph = chained({{"x", InputNode{{1}}},
                                 {"fc1", dense(1, 1, {0.5F})},
                                 {"n1", NeuronNode{}},
                                 {"fc2", dense(1, 1, {2})},
                                 {"n2", NeuronNode{}}});
    SimulationOptions options;
    options.encoding = encoding;
    options.decoding = Decoding::Spikes;
    options.epsilon = 0;
    simulation =
        Simulation<double>::make(graph, options, *findBackend<double>("cpu", "auto").take()).take();
  }

  std::unique_ptr<RowStream<double>> open(std::size_t rows, std::size_t threads) const {
    StreamOptions options;
    options.rows = rows;
    return RowStream<double>::make(*simulation, options, threads).take();
  }

  Result<SimulationResult<double>> step(RowStream<double>& stream, std::int64_t steps) {
    RecordRequest record;
    record.output = true;
    return stream.step({observations.data(), observations.size()}, {}, steps, record, true,
                       control);
  }
};

}  // namespace

CASE("streams: spikes, potentials and decoding in pieces, by hand") {
  Setup setup;
  const auto stream = setup.open(3, 2);
  const auto first = setup.step(*stream, 1).take();
  EXPECT_EQUAL(first.outputSpikes, (std::vector<std::int8_t>{0, 0, 0}));
  const auto second = setup.step(*stream, 3).take();
  // [steps][rows]
  EXPECT_EQUAL(second.outputSpikes, (std::vector<std::int8_t>{1, 0, 1, 1, 0, 1, 1, 0, 1}));
  EXPECT_EQUAL(second.potentials[1], (std::vector<double>{1, 0, 1, 0, 0, 0, 1, 0, 1}));
  EXPECT_EQUAL(second.totalSpikes, (std::vector<double>{5, 0, 5}));
  EXPECT_EQUAL(stream->decode().take(), (std::vector<double>{3, 0, 3}));
  EXPECT_EQUAL(stream->steps(), std::int64_t{4});
}

CASE("streams: a saved state goes on under another number of threads") {
  Setup setup;
  const auto one = setup.open(3, 1);
  EXPECT_TRUE(setup.step(*one, 3).ok());
  const std::vector<std::uint8_t> state = one->save();
  const auto other = setup.open(3, 3);
  EXPECT_TRUE(other->restore(state.data(), state.size(), setup.control).ok());
  EXPECT_EQUAL(setup.step(*other, 40).take().outputSpikes,
               setup.step(*one, 40).take().outputSpikes);
  EXPECT_TRUE(other->save() == one->save());
}

CASE("streams: bursts and negative spikes may be fed at any time") {
  Setup setup(Encoding::Spikes);
  const auto stream = setup.open(1, 1);
  const std::vector<std::int8_t> single{1, 1};
  const std::vector<std::int8_t> mixed{4, -3};
  RecordRequest record;
  record.rasters = {true, false};
  const auto feed = [&](const std::vector<std::int8_t>& spikes) {
    return stream->step({}, {spikes.data(), spikes.size()}, 2, record, false, setup.control).take();
  };
  EXPECT_EQUAL(feed(single).rasters[0].steps, (std::vector<std::int32_t>{1}));
  // 4 × 0.5 = 2 leaves 1 after a spike; 1 − 1.5 keeps silent.
  EXPECT_EQUAL(feed(mixed).rasters[0].steps, (std::vector<std::int32_t>{2}));
}

CASE("streams: a step that is cancelled changes nothing") {
  Setup setup;
  const auto stream = setup.open(3, 2);
  EXPECT_TRUE(setup.step(*stream, 3).ok());
  const std::vector<std::uint8_t> before = stream->save();
  setup.control.cancelled = true;
  EXPECT_STATUS(setup.step(*stream, 3).status(), Code::Cancelled, "cancelled");
  EXPECT_TRUE(stream->save() == before);
}

}  // namespace spiq
