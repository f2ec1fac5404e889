#include "core/convert/statistics.h"

#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::floatNetwork;

static std::unique_ptr<Statistics> seen(const Graph& graph, const std::vector<double>& rows,
                                        std::size_t count) {
  ThreadPool pool(2);
  Control control{pool, 2};
  auto statistics =
      Statistics::start(std::make_shared<Graph>(graph), Statistics::Detail::Histograms).take();
  EXPECT_STATUS(statistics->add({rows.data(), rows.size()}, count, control), Code::Ok, "");
  return statistics;
}

CASE("layer maxima are taken after the ReLU, raw at the last layer") {
  // Hidden: relu(1 - 4 + 0.5), relu(0.5 + 0.5), relu(-1 + 6 - 0.25); outputs 2 - 4.75, -4 + 4.75.
  const auto statistics = seen(floatNetwork(), {1, 2, 0, 0}, 2);
  EXPECT_EQUAL(statistics->of(0).rowMaxima, (std::vector<double>{4.75, 0.5}));
  EXPECT_EQUAL(statistics->of(1).rowMaxima, (std::vector<double>{0.75, 0.5}));
}

CASE("statistics of several calls are those of one") {
  const std::vector<double> rows{1, 2, 0, 0, -3, 1, 0.5, 0.25};
  const auto whole = seen(floatNetwork(), rows, 4);
  ThreadPool pool(1);
  Control control{pool, 1};
  auto parts =
      Statistics::start(std::make_shared<Graph>(floatNetwork()), Statistics::Detail::Histograms)
          .take();
  for (std::size_t row = 0; row < 4; ++row)
    EXPECT_STATUS(parts->add({rows.data() + 2 * row, 2}, 1, control), Code::Ok, "");
  EXPECT_EQUAL(parts->rows(), std::size_t{4});
  for (std::size_t s = 0; s < 2; ++s) {
    EXPECT_EQUAL(parts->of(s).rowMaxima, whole->of(s).rowMaxima);
    for (std::size_t c = 0; c < parts->of(s).channels.size(); ++c) {
      EXPECT_EQUAL(parts->of(s).channels[c].largest(), whole->of(s).channels[c].largest());
      EXPECT_EQUAL(parts->of(s).channels[c].percentile(0.5),
                   whole->of(s).channels[c].percentile(0.5));
    }
  }
}

CASE("a refused or cancelled call leaves the statistics as they were") {
  ThreadPool pool(1);
  Control control{pool, 1};
  auto statistics =
      Statistics::start(std::make_shared<Graph>(floatNetwork()), Statistics::Detail::RowMaxima)
          .take();
  const std::vector<double> wrong{1, std::nan("")};
  EXPECT_STATUS(statistics->add({wrong.data(), 2}, 1, control), Code::NotFinite, "observations");
  EXPECT_EQUAL(statistics->rows(), std::size_t{0});
  EXPECT_EQUAL(statistics->of(0).rowMaxima.size(), std::size_t{0});
}

CASE("histogram: percentiles within a bin of the sorted values, whatever the order") {
  std::vector<double> values;
  for (int i = 1; i <= 4000; ++i) values.push_back(std::exp(0.002 * i) - 1.0);
  Histogram up;
  Histogram down;
  for (std::size_t i = 0; i < values.size(); ++i) {
    up.add(values[i]);
    down.add(values[values.size() - 1 - i]);
    up.add(0.0);
  }
  EXPECT_EQUAL(up.count(), std::uint64_t{4000});
  EXPECT_EQUAL(up.percentile(1.0), values.back());
  for (const double p : {0.5, 0.9, 0.99, 0.999}) {
    const double sorted = values[static_cast<std::size_t>(p * 3999)];
    EXPECT_TRUE(std::abs(up.percentile(p) / sorted - 1) < 0.01);
    EXPECT_EQUAL(up.percentile(p), down.percentile(p));
  }
}

CASE("histogram: what lies far below the largest is counted and takes no memory") {
  Histogram histogram;
  histogram.add(1e-30);
  histogram.add(1e30);
  histogram.add(2e-30);
  EXPECT_EQUAL(histogram.count(), std::uint64_t{3});
  EXPECT_EQUAL(histogram.largest(), 1e30);
  EXPECT_TRUE(histogram.percentile(0.1) > 0);
  EXPECT_EQUAL(Histogram().percentile(0.5), 0.0);
}

}  // namespace spiq
