// Part of layer_kernels.inl.h: spikes listed by step, and sums from such lists.

namespace spiq {
namespace {

inline void count(const std::uint32_t* masks, StepLists& lists) {
  lists.spikes = 0;
  lists.firedCuts = 0;
  for (std::int64_t cut = 0; cut < lists.cuts; ++cut, masks += lists.cutUnits) {
    std::int64_t spikes = 0;
    for (std::int64_t unit = 0; unit < lists.cutUnits; unit += 2) {
      std::uint64_t two = 0;
      std::memcpy(&two, masks + unit, sizeof two);
      spikes += __builtin_popcountll(two);
    }
    lists.spikes += spikes;
    lists.fired[cut] = spikes != 0 ? 1 : 0;
    lists.firedCuts += lists.fired[cut];
  }
}

// Silent units cost nothing in any step.
inline void list(const std::uint32_t* masks, int steps, const StepLists& lists) {
  std::uint32_t* to = lists.units;
  std::uint32_t* start = lists.starts;
  for (int step = 0; step < steps; ++step) {
    for (std::int64_t cut = 0; cut < lists.cuts; ++cut) {
      *start++ = static_cast<std::uint32_t>(to - lists.units);
      if (lists.fired[cut] == 0) continue;
      const std::int64_t end = (cut + 1) * lists.cutUnits;
      for (std::int64_t unit = cut * lists.cutUnits; unit < end; unit += kUnitPadding)
        to = listUnits(masks + unit, step, static_cast<std::uint32_t>(unit), to);
    }
    *start++ = static_cast<std::uint32_t>(to - lists.units);
  }
}

// Rows of weights that are gone through at once for all steps: as many as are used of them stay in
// the first cache.
constexpr std::int64_t kBlockBytes = 32768;
// Sums of one step that are kept in registers.
constexpr int kSumLanes = 8;

constexpr int lanesTogether(int lanes) {
  int together = lanes < kSumLanes ? lanes : kSumLanes;
  while (lanes % together != 0) --together;
  return together;
}

// Neighbouring cuts, and the unit whose spikes would meet the first row of weights.
struct Block {
  std::int64_t begin;
  std::int64_t end;
  std::int64_t firstRow;
};

template <class Real, int Lanes>
void addBlock(const StepLists& lists, const Block& block, const Real* weights, std::int64_t width,
              int steps, Real* sums, std::int64_t stride, bool fresh) {
  using L = LaneOf<Real>;
  const std::uint32_t* starts = lists.starts;
  for (int step = 0; step < steps; ++step, starts += lists.cuts + 1, sums += stride) {
    const std::uint32_t* unit = lists.units + starts[block.begin];
    const std::uint32_t* end = lists.units + starts[block.end];
    L sum[Lanes];
    for (int v = 0; v < Lanes; ++v) sum[v] = fresh ? L{} : load<L>(sums + v * kWidth<Real>);
    for (; unit != end; ++unit) {
      const Real* row = weights + (static_cast<std::int64_t>(*unit) - block.firstRow) * width;
      for (int v = 0; v < Lanes; ++v) sum[v] += load<L>(row + v * kWidth<Real>);
    }
    for (int v = 0; v < Lanes; ++v) store(sums + v * kWidth<Real>, sum[v]);
  }
}

// Silent units' rows are not read: where there are fewer spikes than units, blocks may be larger.
inline std::int64_t cutsTogether(const StepLists& lists, std::int64_t rowBytes) {
  const std::int64_t units = lists.cuts * lists.cutUnits;
  const std::int64_t used = lists.spikes < units ? lists.spikes + 1 : units;
  const std::int64_t rows = kBlockBytes / rowBytes * units / used;
  return (rows + lists.cutUnits - 1) / lists.cutUnits;
}

// Taps from `tap` on whose inputs lie side by side in a line, as the rows of their weights do.
template <class Real>
std::int64_t tapsTogether(const LinearView<Real>& layer, const std::int32_t* sources,
                          std::int64_t tap) {
  if (layer.channels != layer.inPadded) return 1;
  const std::int64_t inLine = layer.inColumns - sources[tap] % layer.inColumns;
  const std::int64_t left = layer.taps - tap;
  const std::int64_t most = inLine < left ? inLine : left;
  std::int64_t count = 1;
  while (count < most && sources[tap + count] == sources[tap] + count) ++count;
  return count;
}

template <class Real, int Groups>
void accumulateListsTile(const LinearView<Real>& layer, const Real* weights,
                         const std::int32_t* sources, const StepLists* lines, int steps, Real* sums,
                         std::int64_t stride) {
  constexpr std::int64_t width = Groups * kUnitPadding;
  constexpr int lanes = lanesTogether(static_cast<int>(width / kWidth<Real>));
  bool fresh = true;
  std::int64_t together = 0;
  for (std::int64_t tap = 0; tap < layer.taps; tap += together) {
    together = 1;
    if (sources[tap] < 0) continue;
    together = tapsTogether(layer, sources, tap);
    const StepLists& lists = lines[sources[tap] / layer.inColumns];
    const std::int64_t first = sources[tap] % layer.inColumns * layer.inPadded;
    const std::int64_t end = (first + together * layer.inPadded) / lists.cutUnits;
    const std::int64_t cuts = cutsTogether(lists, width * static_cast<std::int64_t>(sizeof(Real)));
    for (std::int64_t cut = first / lists.cutUnits; cut < end; cut += cuts) {
      const Block block{cut, cut + cuts < end ? cut + cuts : end, first - tap * layer.channels};
      for (std::int64_t unit = 0; unit < width; unit += lanes * kWidth<Real>)
        addBlock<Real, lanes>(lists, block, weights + unit, width, steps, sums + unit, stride,
                              fresh);
      fresh = false;
    }
  }
  for (int step = 0; fresh && step < steps; ++step) {
    for (std::int64_t unit = 0; unit < width; ++unit) sums[step * stride + unit] = Real{0};
  }
}

template <class Real>
void accumulateLists(const LinearView<Real>& layer, std::int64_t tile, const std::int32_t* sources,
                     const StepLists* lines, int steps, Real* sums, std::int64_t stride) {
  withTile(layer, tile, [&](const Real* weights, auto groups) {
    accumulateListsTile<Real, groups.count>(layer, weights, sources, lines, steps, sums, stride);
  });
}

}  // namespace
}  // namespace spiq
