#pragma once

#include "backend/backend.h"
#include "base/shape.h"

namespace spiq {

// How a value lies in memory: positions (lines of columns), each with its channels side by side,
// padded. The user's order is channels first; `at` leads from there to here.
struct Layout {
  std::int64_t positions = 1;
  std::int64_t columns = 1;
  std::int64_t channels = 0;
  std::int64_t stride = 0;

  Layout() = default;
  Layout(std::int64_t positionCount, std::int64_t channelCount)
      : positions(positionCount), channels(channelCount), stride(padded(channelCount)) {}
  explicit Layout(const Shape& shape) : Layout(1, shape[0]) {
    for (std::size_t d = 1; d < shape.size(); ++d) {
      positions *= shape[d];
      columns = shape[d];
    }
  }

  std::int64_t lines() const { return positions / columns; }
  std::int64_t units() const { return positions * channels; }
  std::int64_t size() const { return positions * stride; }
  std::int64_t tiles() const { return (stride + kTileUnits - 1) / kTileUnits; }
  std::int64_t at(std::int64_t unit) const { return unit % positions * stride + unit / positions; }
  bool operator==(const Layout& other) const {
    return positions == other.positions && channels == other.channels;
  }
};

}  // namespace spiq
