#pragma once

#include <algorithm>
#include <cstdint>
#include <random>
#include <vector>

#include "backend/registry.h"
#include "base/aligned.h"
#include "base/isa.h"
#include "tests/numbers.h"

// A layer of a few awkward sizes, for tests that compare kernels with plain loops.

namespace spiq::tests {

inline constexpr std::int64_t kUnits[] = {1, 2, 16, 17, 33, 65, 100, 150};
inline constexpr std::int64_t kChannels[] = {1, 3, 16, 31, 70};
inline constexpr int kSteps[] = {1, 12, 31, 32};
// Of the input, in two lines.
inline constexpr std::int64_t kPositions = 6;
inline constexpr std::int64_t kColumns = 3;
// Side by side within a line and across two, beyond the edge, one position twice.
inline const std::vector<std::int32_t> kSources{2, 3, -1, 4, 4, 0, 1};

template <class Real>
struct Layer {
  std::int64_t taps;
  std::int64_t channels;
  std::int64_t units;
  AlignedVector<Real> weights, bias, zeros;
  std::vector<ChannelRange> ranges;

  Layer(std::int64_t channelCount, std::int64_t unitCount, std::mt19937& random)
      : taps(static_cast<std::int64_t>(kSources.size())),
        channels(channelCount),
        units(unitCount),
        weights(static_cast<std::size_t>(taps * channels * padded(units))),
        bias(static_cast<std::size_t>(padded(units))),
        zeros(static_cast<std::size_t>(padded(channels))) {
    for (std::int64_t tile = 0; tile < tiles(); ++tile)
      ranges.push_back({0, channels, tile * kTileUnits * taps * channels});
    std::normal_distribution<Real> normal(Real{0}, Real{1});
    for (std::int64_t unit = 0; unit < units; ++unit) {
      for (std::int64_t row = 0; row < taps * channels; ++row) weight(row, unit) = normal(random);
      bias[unit] = normal(random);
    }
  }
  LinearView<Real> view() const {
    return {taps,           channels,    padded(channels), kColumns, padded(units),
            weights.data(), bias.data(), zeros.data(),     nullptr,  ranges.data(),
            false,          false,       channels,         units};
  }
  Real& weight(std::int64_t row, std::int64_t unit) {
    const std::int64_t tile = unit / kTileUnits;
    return weights[ranges[tile].weights + row * view().tileWidth(tile) + unit % kTileUnits];
  }
  std::int64_t tiles() const { return (padded(units) + kTileUnits - 1) / kTileUnits; }
};

template <class Real, class Vector>
bool sameVectors(const Vector& a, const Vector& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), sameBits<Real>);
}

// body(backend, layer, random) for every instruction set of this machine and all sizes.
template <class Real, class Body>
void forAll(const Body& body) {
  for (const Isa isa : availableIsas()) {
    std::mt19937 random = seeded(11);
    const Backend<Real>& backend = *findBackend<Real>("cpu", isaName(isa)).take();
    for (const std::int64_t units : kUnits) {
      for (const std::int64_t channels : kChannels) {
        body(backend, Layer<Real>(channels, units, random), random);
      }
    }
  }
}

}  // namespace spiq::tests
