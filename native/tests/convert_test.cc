#include "core/convert/normalise.h"
#include "core/convert/to_spiking.h"
#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::chained;
using tests::dense;
using tests::floatNetwork;

CASE("to-spiking turns ReLUs into neurons and adds neurons at the end") {
  NeuronSpec spec;
  spec.threshold = 2;
  const Graph graph = toSpiking(floatNetwork(), spec).take();
  EXPECT_EQUAL(graph.nodes.size(), std::size_t{5});
  EXPECT_EQUAL(std::get<NeuronNode>(graph.nodes[2].body).spec.threshold, 2.0);
  EXPECT_EQUAL(graph.nodes[4].label(), std::string("neuron node 'readout'"));
  EXPECT_EQUAL(graph.outputs, (std::vector<std::string>{"readout"}));
  const Graph again = toSpiking(graph, NeuronSpec()).take();
  EXPECT_EQUAL(again.nodes.size(), graph.nodes.size());
  EXPECT_EQUAL(std::get<NeuronNode>(again.nodes[2].body).spec.threshold, 2.0);
}

CASE("to-spiking avoids a name that is taken and adds nothing behind a last ReLU") {
  Graph taken = floatNetwork();
  taken.nodes[1].name = "readout";
  taken.edges[0].second = taken.edges[1].first = "readout";
  EXPECT_EQUAL(toSpiking(taken, {}).value().outputs.front(), std::string("readout2"));
  const Graph rectified =
      chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {1})}, {"relu", ReluNode{}}});
  EXPECT_EQUAL(toSpiking(rectified, {}).value().nodes.size(), std::size_t{3});
}

CASE("to-spiking refuses a hidden layer without ReLU and a ReLU without a layer") {
  const Graph linear =
      chained({{"x", InputNode{{1}}}, {"a", dense(1, 1, {1})}, {"b", dense(1, 1, {1})}});
  EXPECT_STATUS(toSpiking(linear, {}).status(), Code::Unsupported, "dense node 'a'");
  const Graph early =
      chained({{"x", InputNode{{1}}}, {"relu", ReluNode{}}, {"fc", dense(1, 1, {1})}});
  EXPECT_STATUS(toSpiking(early, {}).status(), Code::Unsupported, "relu node 'relu'");
}

CASE("scales: the percentile is sorted[int(p (N - 1))], the largest parameter its floor") {
  // Layer maxima of five rows; the largest parameters are 3 and 2.
  const LayerMaxima maxima{5, 2, {9, 1, 5, 0, 7, 1.5, 4, 1, 6, 0.5}};
  const auto scales = [&](double percentile) {
    return percentileScales(floatNetwork(), maxima, percentile).take();
  };
  EXPECT_EQUAL(scales(1), (std::vector<double>{9, 2}));
  EXPECT_EQUAL(scales(0.99), (std::vector<double>{7, 2}));
  EXPECT_EQUAL(scales(0.5), (std::vector<double>{6, 2}));
  EXPECT_EQUAL(scales(0.49), (std::vector<double>{5, 2}));
  EXPECT_EQUAL(scales(1e-9), (std::vector<double>{4, 2}));
}

CASE("scales: percentile, rows and positivity are checked") {
  const LayerMaxima maxima{1, 2, {1, 1}};
  for (const double wrong : {0.0, -1.0, 1.0001, std::nan("")}) {
    EXPECT_STATUS(percentileScales(floatNetwork(), maxima, wrong).status(), Code::Range,
                  "percentile");
  }
  EXPECT_STATUS(percentileScales(floatNetwork(), {0, 2, {}}, 0.5).status(), Code::Shape, "rows");
  const Graph negative = chained({{"x", InputNode{{1}}}, {"fc", dense(1, 1, {-1}, {-2})}});
  EXPECT_STATUS(percentileScales(negative, {1, 1, {-3}}, 1).status(), Code::Range,
                "scale of dense node 'fc'");
  EXPECT_EQUAL(percentileScales(negative, {1, 1, {0.5}}, 1).value(), (std::vector<double>{0.5}));
}

CASE("scales of the model: the largest sum of positive weights and bias") {
  // Rows of the first matrix: 1 + 0.5, 0.5 + 0.25, 3; of the second: 1 + 2, 0.5 + 1.
  EXPECT_EQUAL(modelScales(floatNetwork()).take(), (std::vector<double>{3, 3}));
}

CASE("normalise: W s_(l-1) / s_l and b / s_l") {
  const Graph scaled = normalise(floatNetwork(), {2, 8});
  const auto& first = std::get<DenseNode>(scaled.nodes[1].body);
  const auto& second = std::get<DenseNode>(scaled.nodes[3].body);
  EXPECT_EQUAL(first.weight.data, (std::vector<float>{0.5F, -1, 0.25F, 0.125F, -0.5F, 1.5F}));
  EXPECT_EQUAL(first.bias.value_or(Tensor()).data, (std::vector<float>{0.25F, 0, -0.125F}));
  EXPECT_EQUAL(second.weight.data, (std::vector<float>{0.25F, 0.5F, -0.25F, 0.125F, -1, 0.25F}));
}

CASE("layer maxima are taken after the ReLU, raw at the last layer") {
  ThreadPool pool(2);
  Control control{pool, 2};
  // Hidden: relu(1 - 4 + 0.5), relu(0.5 + 0.5), relu(-1 + 6 - 0.25); outputs 2 - 4.75, -4 + 4.75.
  const std::vector<double> observations{1, 2, 0, 0};
  const auto maxima = layerMaxima(floatNetwork(), {observations.data(), 4}, 2, control);
  EXPECT_STATUS(maxima.status(), Code::Ok, "");
  EXPECT_EQUAL(maxima.value().values, (std::vector<double>{4.75, 0.75, 0.5, 0.5}));
}

}  // namespace spiq
