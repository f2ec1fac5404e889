// Part of layer_kernels.inl.h: parameters moved by their gradients. CMakeLists.txt tells the
// compiler that square roots and comparisons need not keep errno and traps: loops over them become
// vectors, and no result is another for it.

namespace spiq {
namespace {

inline float rootOf(float value) {
  return __builtin_sqrtf(value);
}
inline double rootOf(double value) {
  return __builtin_sqrt(value);
}

template <class Real>
inline Real within(Real value, Real least, Real most) {
  const Real above = value < least ? least : value;
  return above > most ? most : above;
}

// Of a variance, which rounding may have made negative.
template <class Real>
inline Real above0(Real value) {
  return value < Real{0} ? Real{0} : value;
}

// A moment whose gradients have been 0 for long decays until it is subnormal and stays there, and
// arithmetic on such numbers takes a hundred times as long. What is far below any step that a
// weight could notice counts as 0.
template <class Real>
inline Real kept(Real moment) {
  constexpr Real least =
      sizeof(Real) == sizeof(float) ? static_cast<Real>(0x1p-100) : static_cast<Real>(0x1p-900);
  return moment < least && moment > -least ? Real{0} : moment;
}

template <MoveRule rule, class Real>
inline Real movedBy(const MoveParams<Real>& p, Real g, Real value, Real* a, Real* b, Real* c,
                    std::size_t i) {
  if constexpr (rule == MoveRule::Adam) {
    a[i] = kept(a[i] + p.freshMean * (g - a[i]));
    b[i] = kept(p.decay * b[i] + p.fresh * g * g);
    return value * p.shrink - p.rate * a[i] / (rootOf(b[i]) * p.widen + p.epsilon);
  } else if constexpr (rule == MoveRule::RmspropNature) {
    b[i] = kept(p.momentum * b[i] + p.freshMean * g);
    a[i] = kept(p.decay * a[i] + p.fresh * g * g);
    return value - p.rate * g / rootOf(above0(a[i] - b[i] * b[i]) + p.epsilon);
  } else if constexpr (rule == MoveRule::RmspropNeon) {
    a[i] = kept(p.decay * a[i] + p.fresh * g * g);
    return value - p.rate * g / (rootOf(a[i] + p.epsilon) + p.epsilon);
  } else {
    g = g + p.weightDecay * value;
    if constexpr (rule == MoveRule::Plain) return value - p.rate * g;
    if constexpr (rule == MoveRule::Sgd) {
      a[i] = kept(p.momentum * a[i] + g);
      return value - p.rate * (p.direct * g + p.repeated * a[i]);
    }
    a[i] = kept(p.decay * a[i] + p.fresh * g * g);
    if constexpr (rule == MoveRule::Rmsprop) return value - p.rate * g / (rootOf(a[i]) + p.epsilon);
    c[i] = kept(c[i] + p.centred * p.fresh * (g - c[i]));
    b[i] = kept(p.momentum * b[i] + g / (rootOf(above0(a[i] - c[i] * c[i])) + p.epsilon));
    return value - p.rate * b[i];
  }
}

template <MoveRule rule, class Real>
void moveAll(const MoveParams<Real> p, const Moved<Real>& moved) {
  Real* __restrict values = moved.values;
  const Real* __restrict gradient = moved.gradient;
  Real* __restrict a = moved.moments[0];
  Real* __restrict b = moved.moments[1];
  Real* __restrict c = moved.moments[2];
  const Real least = moved.least;
  const Real most = moved.most;
  for (std::size_t i = 0; i < moved.size; ++i) {
    const Real g = within(gradient[i], -p.clip, p.clip) * p.scale;
    values[i] = within(movedBy<rule>(p, g, values[i], a, b, c, i), least, most);
  }
}

template <class Real>
void move(const MoveParams<Real>& params, const Moved<Real>& moved) {
  switch (params.rule) {
    case MoveRule::Plain:
      return moveAll<MoveRule::Plain>(params, moved);
    case MoveRule::Sgd:
      return moveAll<MoveRule::Sgd>(params, moved);
    case MoveRule::Rmsprop:
      return moveAll<MoveRule::Rmsprop>(params, moved);
    case MoveRule::RmspropMomentum:
      return moveAll<MoveRule::RmspropMomentum>(params, moved);
    case MoveRule::RmspropNature:
      return moveAll<MoveRule::RmspropNature>(params, moved);
    case MoveRule::RmspropNeon:
      return moveAll<MoveRule::RmspropNeon>(params, moved);
    case MoveRule::Adam:
      return moveAll<MoveRule::Adam>(params, moved);
  }
}

constexpr std::size_t kSquareSums = 16;

template <class Real, class Cut>
double squares(const Real* gradient, std::size_t size, const Cut& cut) {
  using L = LaneOf<Real>;
  constexpr std::size_t width = kWidth<Real>;
  L sums[kSquareSums / width] = {};
  std::size_t i = 0;
  for (; i + kSquareSums <= size; i += kSquareSums) {
#pragma GCC unroll 8
    for (std::size_t v = 0; v < kSquareSums / width; ++v) {
      const L g = cut(load<L>(gradient + i + v * width));
      sums[v] += g * g;
    }
  }
  for (; i < size; ++i) {
    const Real g = cut(gradient[i]);
    sums[i % kSquareSums / width][i % width] += g * g;
  }
  double total = 0.0;
  for (const L& some : sums) {
    for (std::size_t k = 0; k < width; ++k) total += static_cast<double>(some[k]);
  }
  return total;
}

template <class Real>
double sumOfSquares(const Real* gradient, std::size_t size, Real clip) {
  if (clip == static_cast<Real>(__builtin_inf()))
    return squares(gradient, size, [](auto g) { return g; });
  return squares(gradient, size, [clip](auto g) {
    const auto most = lane::splat<decltype(g)>(clip);
    const auto above = lane::select(g < -most, -most, g);
    return lane::select(above > most, most, above);
  });
}

}  // namespace
}  // namespace spiq
