// Part of layer_kernels.inl.h: sums of the weights whose inputs fired.

namespace spiq {
namespace {

// Spikes that are listed before their weights are added: one loop over many has no branch that
// depends on how often a unit fired. An entry is row << 7 | place of the sums in units of
// kUnitPadding: their address needs no multiplication then.
constexpr std::int64_t kListedSpikes = 2048;
constexpr int kRowShift = 7;
constexpr std::uint32_t kPlaceBits = (1U << kRowShift) - 1;

template <class Real, int Lanes>
inline void addRow(const Real* row, Real* at) {
  using L = LaneOf<Real>;
  for (int v = 0; v < Lanes; ++v) {
    const L sum = load<L>(at + v * kWidth<Real>);
    store(at + v * kWidth<Real>, sum + load<L>(row + v * kWidth<Real>));
  }
}

template <class Real, int Lanes>
inline void subtractRow(const Real* row, Real* at) {
  using L = LaneOf<Real>;
  for (int v = 0; v < Lanes; ++v) {
    const L sum = load<L>(at + v * kWidth<Real>);
    store(at + v * kWidth<Real>, sum - load<L>(row + v * kWidth<Real>));
  }
}

// Not inlined: its loop needs the registers.
template <class Real, int Lanes>
__attribute__((noinline)) void addListed(const std::uint32_t* spike, const std::uint32_t* end,
                                         const Real* weights, Real* sums) {
  for (; spike != end; ++spike) {
    const std::int64_t row = *spike >> kRowShift;
    Real* at = sums + static_cast<std::int64_t>(*spike & kPlaceBits) * kUnitPadding;
    addRow<Real, Lanes>(weights + row * (Lanes * kWidth<Real>), at);
  }
}

// Channels first, first + 1, ... (at most 64) of which one or more planes are not empty. A unit
// fires in a higher plane only if it does in the first of its sign.
inline std::uint64_t firedChannels(const WordView& spikes, std::int64_t first, std::int64_t count) {
  std::uint64_t fired = 0;
  for (std::int64_t i = 0; i < count; i += kUnitPadding) {
    std::uint64_t some = spikes.positive > 0 ? nonZeroWords(spikes.masks + first + i) : 0;
    if (spikes.planes > spikes.positive)
      some |= nonZeroWords(spikes.masks + spikes.positive * spikes.planeStride + first + i);
    fired |= some << i;
  }
  return fired;
}

// Bursts and negative spikes: a burst of k is k additions, unit after unit.
template <class Real, int Lanes>
void addPlanes(const WordView& spikes, std::int64_t unit, const Real* row, Real* sums,
               std::int64_t stride) {
  for (int plane = 0; plane < spikes.planes; ++plane) {
    std::uint32_t mask = spikes.masks[plane * spikes.planeStride + unit];
    for (; mask != 0; mask &= mask - 1) {
      Real* at = sums + __builtin_ctz(mask) * stride;
      plane < spikes.positive ? addRow<Real, Lanes>(row, at) : subtractRow<Real, Lanes>(row, at);
    }
  }
}

// Of channels first, first + 1, ... (64) those of a range.
inline std::uint64_t within(const ChannelRange& range, std::int64_t first) {
  std::uint64_t bits = ~std::uint64_t{0};
  if (first < range.first) bits <<= range.first - first;
  if (range.last - first < 64) bits &= (std::uint64_t{1} << (range.last - first)) - 1;
  return bits;
}

// Calls body(unit, row of weights) for every channel of a tap in which something fired. What is the
// same for all tiles is known to the compiler where they take all channels: most layers' do.
template <class Real, bool Partial, class Body>
inline void eachFired(const LinearView<Real>& layer, const ChannelRange& range,
                      const SpikeCell& cell, const Body& body) {
  const std::int64_t start = Partial ? range.first / kUnitPadding * kUnitPadding : 0;
  const std::int64_t end = Partial ? padded(range.last) : layer.inPadded;
  for (std::int64_t tap = 0; tap < layer.taps; ++tap) {
    if (cell.sources[tap] < 0) continue;
    const std::int64_t first = cell.sources[tap] * layer.inPadded;
    for (std::int64_t channel = start; channel < end; channel += 64) {
      const std::int64_t left = end - channel;
      std::uint64_t fired = firedChannels(cell.spikes, first + channel, left < 64 ? left : 64);
      if (Partial) fired &= within(range, channel);
      for (; fired != 0; fired &= fired - 1) {
        const std::int64_t at = channel + __builtin_ctzll(fired);
        const std::int64_t row =
            Partial ? tap * range.count() + at - range.first : tap * layer.channels + at;
        body(first + at, row);
      }
    }
  }
}

template <class Real, int Lanes, bool Partial>
void addCell(const LinearView<Real>& layer, const ChannelRange& range, const Real* weights,
             const SpikeCell& cell, Real* sums, std::int64_t stride) {
  eachFired<Real, Partial>(layer, range, cell, [&](std::int64_t unit, std::int64_t row) {
    addPlanes<Real, Lanes>(cell.spikes, unit, weights + row * (Lanes * kWidth<Real>),
                           sums + cell.offset, stride);
  });
}

// Room for one channel's spikes behind a full list; lists are written 16 entries at a time.
struct Listed {
  std::uint32_t spikes[kListedSpikes + kWordSteps + 16];
};

// Lists a cell's spikes from `end` on and returns the new end; a full list is added to the sums.
template <class Real, int Lanes, bool Partial>
std::uint32_t* listCell(const LinearView<Real>& layer, const ChannelRange& range,
                        const Real* weights, const SpikeCell& cell, Listed& listed,
                        std::uint32_t* end, Real* sums, std::int64_t stride) {
  const auto place = static_cast<std::uint32_t>(cell.offset / kUnitPadding);
  const auto scale = static_cast<std::uint32_t>(stride / kUnitPadding);
  const std::uint32_t* masks = cell.spikes.masks;
  const std::uint32_t* full = listed.spikes + kListedSpikes;
  eachFired<Real, Partial>(layer, range, cell, [&](std::int64_t unit, std::int64_t row) {
    if (end > full) {
      addListed<Real, Lanes>(listed.spikes, end, weights, sums);
      end = listed.spikes;
    }
    end = listSteps(masks[unit], static_cast<std::uint32_t>(row << kRowShift) + place, scale, end);
  });
  return end;
}

template <class Real, int Groups, bool Partial>
void accumulateTile(const LinearView<Real>& layer, const ChannelRange& range, const Real* weights,
                    const SpikeCell* cells, std::size_t count, int steps, Real* sums,
                    std::int64_t stride) {
  constexpr int lanes = static_cast<int>(Groups * kUnitPadding / kWidth<Real>);
  for (std::size_t i = 0; i < count; ++i) {
    Real* to = sums + cells[i].offset;
    for (int step = 0; step < steps; ++step, to += stride) {
      for (int v = 0; v < lanes; ++v) store(to + v * kWidth<Real>, LaneOf<Real>{});
    }
  }
  if (cells->spikes.planes != 1 || cells->spikes.positive != 1) {
    for (std::size_t i = 0; i < count; ++i)
      addCell<Real, lanes, Partial>(layer, range, weights, cells[i], sums, stride);
    return;
  }
  // 8 KiB, of which nothing is read before it is written.
  Listed listed;  // NOLINT(cppcoreguidelines-pro-type-member-init)
  std::uint32_t* end = listed.spikes;
  for (std::size_t i = 0; i < count; ++i)
    end =
        listCell<Real, lanes, Partial>(layer, range, weights, cells[i], listed, end, sums, stride);
  addListed<Real, lanes>(listed.spikes, end, weights, sums);
}

template <class Real>
void accumulate(const LinearView<Real>& layer, std::int64_t tile, const SpikeCell* cells,
                std::size_t count, int steps, Real* sums, std::int64_t stride) {
  withTile(layer, tile, [&](const Real* weights, auto groups) {
    const ChannelRange& range = layer.ranges[tile];
    if (layer.partial)
      accumulateTile<Real, groups.count, true>(layer, range, weights, cells, count, steps, sums,
                                               stride);
    else
      accumulateTile<Real, groups.count, false>(layer, range, weights, cells, count, steps, sums,
                                                stride);
  });
}

}  // namespace
}  // namespace spiq
