#include "core/convert/activations.h"

#include "tests/check.h"
#include "tests/sample_graphs.h"

namespace spiq {

using tests::floatNetwork;

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
