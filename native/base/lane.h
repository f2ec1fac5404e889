#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

// Lanes for neuron.h: plain scalars here, GCC vector types below (SSE2, AVX2, AVX-512 and NEON
// alike: the width is part of the type, so kernels for different instruction sets never share an
// instantiation).

// Never a function of its own, which the linker could merge with that of another instruction set.
#define SPIQ_LANE __attribute__((always_inline)) inline

namespace spiq::lane {

template <class L, class Real>
SPIQ_LANE std::enable_if_t<std::is_floating_point_v<L>, L> splat(Real value) {
  return value;
}

template <class L>
SPIQ_LANE std::enable_if_t<std::is_floating_point_v<L>, L> select(bool mask, L yes, L no) {
  return mask ? yes : no;
}

SPIQ_LANE bool any(bool mask) {
  return mask;
}

// Not the inline functions of <cmath>, which the linker may merge with those of another instruction
// set.
SPIQ_LANE float exponential(float value) {
  return __builtin_expf(value);
}
SPIQ_LANE double exponential(double value) {
  return __builtin_exp(value);
}

template <class Real, int Bytes>
struct Vector {
  // Not an alias: GCC drops the attribute there. NOLINTNEXTLINE(modernize-use-using)
  typedef Real Type __attribute__((vector_size(Bytes)));
  static constexpr int width = Bytes / static_cast<int>(sizeof(Real));
};

template <class L>
using IsVector = std::enable_if_t<!std::is_arithmetic_v<L>, int>;

template <class L, class Real, IsVector<L> = 0>
SPIQ_LANE L splat(Real value) {
  return value - L{};  // GCC broadcasts the scalar operand
}

template <class Mask, class L, IsVector<L> = 0>
SPIQ_LANE L select(Mask mask, L yes, L no) {
  if constexpr (sizeof(L) > 16) {
    return mask ? yes : no;
  } else {
    // By bits: on the above GCC 12 stops with an internal error for two doubles at -O3.
    return reinterpret_cast<L>((mask & reinterpret_cast<Mask>(yes)) |
                               (~mask & reinterpret_cast<Mask>(no)));
  }
}

template <class Mask, IsVector<Mask> = 0>
SPIQ_LANE bool any(Mask mask) {
  bool found = false;
  for (std::size_t i = 0; i < sizeof(Mask) / sizeof(mask[0]); ++i) found |= mask[i] != 0;
  return found;
}

// One lane after the other: the library's, and so the same bits as for scalars.
template <class L, IsVector<L> = 0>
SPIQ_LANE L exponential(L value) {
  for (std::size_t i = 0; i < sizeof(L) / sizeof(value[0]); ++i) value[i] = exponential(value[i]);
  return value;
}

// A float's bits as a number, and back.
template <class L>
SPIQ_LANE auto bitsOf(L value) {
  if constexpr (std::is_same_v<L, float>) {
    std::int32_t bits = 0;
    __builtin_memcpy(&bits, &value, sizeof(bits));
    return bits;
  } else {
    return reinterpret_cast<decltype(value > value)>(value);
  }
}
template <class L, class Bits>
SPIQ_LANE L fromBits(Bits bits) {
  if constexpr (std::is_same_v<L, float>) {
    float value = 0.0F;
    __builtin_memcpy(&value, &bits, sizeof(value));
    return value;
  } else {
    return reinterpret_cast<L>(bits);
  }
}

// One over the sum of 1 and values from 0 on. Of floats within 2 units in the last place, and as if
// of 2^60 for all above; NaN of NaN. The exponent's complement is within 6 % of it, and three of
// Newton's steps, which square that error each, take half the time of sixteen divisions at once.
template <class Real, class L>
SPIQ_LANE L reciprocalOf1And(L value) {
  const L sum = value + splat<L>(Real{1});
  if constexpr (sizeof(Real) == sizeof(double)) {
    return splat<L>(Real{1}) / sum;
  } else {
    constexpr std::int32_t complement = 0x7EF311C7;
    const L most = splat<L>(0x1p60F);
    const L kept = select(sum > most, most, sum);
    L guess = fromBits<L>(complement - bitsOf(kept));
    for (int step = 0; step < 3; ++step) guess *= splat<L>(2.0F) - kept * guess;
    return guess;
  }
}

template <class Real, class L>
SPIQ_LANE L magnitude(L value) {
  if constexpr (sizeof(Real) == sizeof(double)) {
    return select(value < splat<L>(Real{0}), -value, value);
  } else {
    return fromBits<L>(bitsOf(value) & 0x7FFFFFFF);
  }
}

}  // namespace spiq::lane
