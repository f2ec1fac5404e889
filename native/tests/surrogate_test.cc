#include "base/surrogate.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "tests/check.h"

namespace spiq {
namespace {

template <class L>
L fastSigmoidAt(L x) {
  return neuron::surrogateAt<SurrogateKind::FastSigmoid>(100.0F, x);
}

CASE("surrogates without a division lie within 2 units in the last place of it") {
  double worst = 0.0;
  for (int k = 0; k < 100000; ++k) {
    const float value = std::exp2(static_cast<float>(k) * 8.7e-4F - 30.0F);
    const double exact = 1.0 / static_cast<double>(1.0F + value);
    const double error = static_cast<double>(lane::reciprocalOf1And<float>(value)) - exact;
    worst = std::max(worst, std::abs(error) / std::ldexp(1.0, std::ilogb(exact) - 23));
  }
  EXPECT_TRUE(worst > 0.0 && worst <= 2.5);
  EXPECT_TRUE(lane::reciprocalOf1And<double>(3.0) == 0.25);
}

CASE("surrogates far away are small numbers, and of NaN NaN") {
  const float infinity = std::numeric_limits<float>::infinity();
  for (const float x : {infinity, -infinity, 3e38F}) {
    const float there = fastSigmoidAt(x);
    EXPECT_TRUE(there >= 0.0F && there < 1e-35F);
  }
  const float none = std::numeric_limits<float>::quiet_NaN();
  for (const float x : {none, -none}) EXPECT_TRUE(std::isnan(fastSigmoidAt(x)));
}

CASE("surrogates of lanes are those of scalars") {
  using Lanes = lane::Vector<float, 16>::Type;
  for (int at = -300; at < 300; ++at) {
    const float x = static_cast<float>(at) * 0.0137F;
    const Lanes some = fastSigmoidAt(Lanes{x, -x, 1e3F * x, 1e-3F * x});
    const float each[] = {x, -x, 1e3F * x, 1e-3F * x};
    for (int lane = 0; lane < 4; ++lane) EXPECT_TRUE(some[lane] == fastSigmoidAt(each[lane]));
  }
}

}  // namespace
}  // namespace spiq
