// Part of layer_kernels.inl.h: what gradients of weights go through, and in which order.

namespace spiq {
namespace {

// A place in the order of an extent.
struct Step {
  std::int64_t row;
  std::int64_t position;
  std::int64_t step;

  void advance(const Extent& extent, std::int64_t by) {
    step += by;
    if (step < extent.steps) return;
    step = 0;
    if (++position < extent.positions) return;
    position = 0;
    ++row;
  }
};

inline std::int64_t lesser(std::int64_t a, std::int64_t b) {
  return a < b ? a : b;
}

// Calls body(observation's place, input position) for all that a tap looks at.
template <class Body>
inline void eachSource(const Extent& extent, std::int64_t taps, std::int64_t tap,
                       const Body& body) {
  for (std::int64_t row = 0; row < extent.rows; ++row) {
    for (std::int64_t position = 0; position < extent.positions; ++position) {
      const std::int32_t source = extent.sources[position * taps + tap];
      if (source < 0) continue;
      for (std::int64_t step = 0; step < extent.steps; ++step)
        body(Step{row, position, step}, source);
    }
  }
}

// Units and channels of different groups have no weight.
template <class Real>
void clearBetweenGroups(const LinearView<Real>& layer, std::int64_t tile, WeightRows rows,
                        Real* to) {
  if (layer.groupChannels == layer.channels) return;
  const ChannelRange& range = layer.ranges[tile];
  const std::int64_t width = layer.tileWidth(tile);
  for (std::int64_t row = rows.first; row < rows.last; ++row) {
    const std::int64_t group = (range.first + row % range.count()) / layer.groupChannels;
    for (std::int64_t unit = 0; unit < width; ++unit) {
      if ((tile * kTileUnits + unit) / layer.groupUnits != group) to[row * width + unit] = Real{0};
    }
  }
}

template <class Real>
void clearRows(WeightRows rows, std::int64_t width, Real* to) {
  for (std::int64_t i = rows.first * width; i < rows.last * width; ++i) to[i] = Real{0};
}

}  // namespace
}  // namespace spiq
