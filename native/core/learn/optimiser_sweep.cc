#include "core/learn/optimiser_sweep.h"

#include <cmath>
#include <cstring>

#include "base/lane.h"

// Compiled so that square roots and comparisons need not keep errno and traps (CMakeLists.txt),
// which would forbid vectors; no result is another for it. Every operation is rounded by itself,
// so that all instruction sets agree.

namespace spiq {

namespace {

template <class Real>
Real within(Real value, Real least, Real most) {
  const Real above = value < least ? least : value;
  return above > most ? most : above;
}

// Of a variance, which rounding may have made negative.
template <class Real>
Real above0(Real value) {
  return value < Real(0) ? Real(0) : value;
}

template <class Real>
struct SgdRule {
  Real rate, momentum, weightDecay;
  Real direct;    // share of the gradient in the move
  Real repeated;  // share of the buffer
  void operator()(std::size_t i, Real g, Real& value, Real* buffer, Real* /*b*/,
                  Real* /*c*/) const {
    g = g + weightDecay * value;
    buffer[i] = momentum * buffer[i] + g;
    value = value - rate * (direct * g + repeated * buffer[i]);
  }
};

template <class Real>
struct PlainRule {
  Real rate, weightDecay;
  void operator()(std::size_t /*i*/, Real g, Real& value, Real* /*a*/, Real* /*b*/,
                  Real* /*c*/) const {
    value = value - rate * (g + weightDecay * value);
  }
};

template <class Real>
struct RmspropRule {
  Real rate, decay, fresh, epsilon, weightDecay;
  void operator()(std::size_t i, Real g, Real& value, Real* square, Real* /*b*/,
                  Real* /*c*/) const {
    g = g + weightDecay * value;
    square[i] = decay * square[i] + fresh * g * g;
    value = value - rate * g / (std::sqrt(square[i]) + epsilon);
  }
};

// With momentum, centred or both.
template <class Real>
struct RmspropMomentumRule {
  Real rate, decay, fresh, epsilon, weightDecay, momentum;
  Real centred;  // 1 or 0
  void operator()(std::size_t i, Real g, Real& value, Real* square, Real* buffer,
                  Real* mean) const {
    g = g + weightDecay * value;
    square[i] = decay * square[i] + fresh * g * g;
    mean[i] = mean[i] + centred * fresh * (g - mean[i]);
    buffer[i] =
        momentum * buffer[i] + g / (std::sqrt(above0(square[i] - mean[i] * mean[i])) + epsilon);
    value = value - rate * buffer[i];
  }
};

template <class Real>
struct NatureRule {
  Real rate, decay, fresh, momentum, freshMean, least;
  void operator()(std::size_t i, Real g, Real& value, Real* square, Real* mean, Real* /*c*/) const {
    mean[i] = momentum * mean[i] + freshMean * g;
    square[i] = decay * square[i] + fresh * g * g;
    value = value - rate * g / std::sqrt(above0(square[i] - mean[i] * mean[i]) + least);
  }
};

template <class Real>
struct NeonRule {
  Real rate, decay, fresh, epsilon;
  void operator()(std::size_t i, Real g, Real& value, Real* square, Real* /*b*/,
                  Real* /*c*/) const {
    square[i] = decay * square[i] + fresh * g * g;
    value = value - rate * g / (std::sqrt(square[i] + epsilon) + epsilon);
  }
};

template <class Real>
struct AdamRule {
  Real rate;  // learning rate over the correction of the mean
  Real freshMean, beta2, fresh;
  Real widen;  // one over the root of the square's correction
  Real epsilon;
  Real shrink;  // what weight decay leaves of a value
  void operator()(std::size_t i, Real g, Real& value, Real* mean, Real* square, Real* /*c*/) const {
    mean[i] = mean[i] + freshMean * (g - mean[i]);
    square[i] = beta2 * square[i] + fresh * g * g;
    value = value * shrink - rate * mean[i] / (std::sqrt(square[i]) * widen + epsilon);
  }
};

template <class Real, class Rule>
void each(const Rule rule, Real* __restrict values, const Real* __restrict gradient,
          Real* __restrict a, Real* __restrict b, Real* __restrict c, std::size_t size, Real clip,
          Real scale, Real least, Real most) {
  for (std::size_t i = 0; i < size; ++i) {
    const Real g = within(gradient[i], -clip, clip) * scale;
    Real value = values[i];
    rule(i, g, value, a, b, c);
    values[i] = within(value, least, most);
  }
}

template <class Real>
class Sweep {
 public:
  Sweep(const OptimiserBlock<Real>& block, const OptimiserStep& step)
      : block_(block), step_(step) {}

  void run() const {
    const OptimiserOptions& o = step_.options;
    const Real rate = real(step_.learningRate);
    const Real decay = block_.decays ? real(o.weightDecay) : Real(0);
    const Real fresh = real(1.0 - o.decay);
    switch (o.kind) {
      case OptimiserKind::Sgd:
        if (o.momentum == 0.0) return with(PlainRule<Real>{rate, decay});
        return with(SgdRule<Real>{rate, real(o.momentum), decay, real(o.nesterov ? 1.0 : 0.0),
                                  real(o.nesterov ? o.momentum : 1.0)});
      case OptimiserKind::Rmsprop:
        if (momentsOf(o) == 1)
          return with(RmspropRule<Real>{rate, real(o.decay), fresh, real(o.epsilon), decay});
        return with(RmspropMomentumRule<Real>{rate, real(o.decay), fresh, real(o.epsilon), decay,
                                              real(o.momentum), real(o.centred ? 1.0 : 0.0)});
      case OptimiserKind::RmspropNature:
        return with(NatureRule<Real>{rate, real(o.decay), fresh, real(o.momentum),
                                     real(1.0 - o.momentum), real(o.epsilon)});
      case OptimiserKind::RmspropNeon:
        return with(NeonRule<Real>{rate, real(o.decay), fresh, real(o.epsilon)});
      case OptimiserKind::Adam:
      case OptimiserKind::AdamW:
        return with(adam());
    }
  }

 private:
  static Real real(double value) { return static_cast<Real>(value); }

  AdamRule<Real> adam() const {
    const OptimiserOptions& o = step_.options;
    const auto times = static_cast<double>(step_.update);
    const double mean = 1.0 - std::pow(o.beta1, times);
    const double square = 1.0 - std::pow(o.beta2, times);
    const double shrink = block_.decays ? 1.0 - step_.learningRate * o.weightDecay : 1.0;
    return {
        real(step_.learningRate / mean), real(1.0 - o.beta1), real(o.beta2), real(1.0 - o.beta2),
        real(1.0 / std::sqrt(square)),   real(o.epsilon),     real(shrink)};
  }

  template <class Rule>
  void with(const Rule& rule) const {
    const auto& [a, b, c] = block_.moments;
    each(rule, block_.values, block_.gradient, a, b, c, block_.size, real(step_.options.clipValue),
         real(step_.scale), block_.least, block_.most);
  }

  const OptimiserBlock<Real>& block_;
  const OptimiserStep& step_;
};

constexpr std::size_t kSums = 16;

// Lanes by name: GCC 12 makes shuffles of a loop over an array of sums.
template <class Real, class Cut>
double squares(const OptimiserBlock<Real>& block, const Cut& cut) {
  using Lanes = typename lane::Vector<Real, 16>::Type;
  constexpr std::size_t width = sizeof(Lanes) / sizeof(Real);
  Lanes sums[kSums / width] = {};
  std::size_t i = 0;
  for (; i + kSums <= block.size; i += kSums) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < kSums / width; ++v) {
      Lanes g;
      std::memcpy(&g, block.gradient + i + v * width, sizeof(g));
      g = cut(g);
      sums[v] += g * g;
    }
  }
  for (; i < block.size; ++i) {
    const Real g = cut(block.gradient[i]);
    sums[i % kSums / width][i % width] += g * g;
  }
  double total = 0.0;
  for (const Lanes& some : sums) {
    for (std::size_t k = 0; k < width; ++k) total += static_cast<double>(some[k]);
  }
  return total;
}

}  // namespace

template <class Real>
double sumOfSquares(const OptimiserBlock<Real>& block, double clip) {
  if (std::isinf(clip)) return squares(block, [](auto g) { return g; });
  return squares(block, [cut = static_cast<Real>(clip)](auto g) {
    const auto most = lane::splat<decltype(g)>(cut);
    const auto above = lane::select(g < -most, -most, g);
    return lane::select(above > most, most, above);
  });
}

template <class Real>
void sweep(const OptimiserBlock<Real>& block, const OptimiserStep& step) {
  Sweep<Real>(block, step).run();
}

template double sumOfSquares<float>(const OptimiserBlock<float>&, double);
template double sumOfSquares<double>(const OptimiserBlock<double>&, double);
template void sweep<float>(const OptimiserBlock<float>&, const OptimiserStep&);
template void sweep<double>(const OptimiserBlock<double>&, const OptimiserStep&);

}  // namespace spiq
