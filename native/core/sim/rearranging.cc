#include <algorithm>
#include <cstring>

#include "core/sim/executor.h"
#include "core/sim/places.h"

// The operations that move or add values and have no kernels of their own.

namespace spiq {

template <class Real>
bool Executor<Real>::reorders(const Operation<Real>& operation, const GatherOp& taken) const {
  return taken.fromUserOrder && plan_.values[operation.to].form == Form::Constant;
}

namespace {

// Four channels of each position, side by side; their values come from `apart` after each other.
template <class Real>
void interleave(const Real* from, std::int64_t apart, Real* to, std::int64_t stride,
                std::int64_t positions) {
  std::int64_t position = 0;
  if constexpr (sizeof(Real) == 4) {
    // NOLINTNEXTLINE(modernize-use-using): GCC drops the attribute of an alias.
    typedef Real Four __attribute__((vector_size(16)));
    const auto load = [](const Real* at) {
      Four four;
      std::memcpy(&four, at, sizeof(four));
      return four;
    };
    for (; position + 4 <= positions; position += 4) {
      const Four a = load(from + position);
      const Four b = load(from + apart + position);
      const Four c = load(from + 2 * apart + position);
      const Four d = load(from + 3 * apart + position);
      const Four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5);
      const Four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      const Four abHigh = __builtin_shufflevector(a, b, 2, 6, 3, 7);
      const Four cdHigh = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      const Four rows[] = {__builtin_shufflevector(ab, cd, 0, 1, 4, 5),
                           __builtin_shufflevector(ab, cd, 2, 3, 6, 7),
                           __builtin_shufflevector(abHigh, cdHigh, 0, 1, 4, 5),
                           __builtin_shufflevector(abHigh, cdHigh, 2, 3, 6, 7)};
      for (int k = 0; k < 4; ++k)
        std::memcpy(to + (position + k) * stride, &rows[k], sizeof(rows[k]));
    }
  }
  for (; position < positions; ++position) {
    for (int c = 0; c < 4; ++c) to[position * stride + c] = from[c * apart + position];
  }
}

}  // namespace

template <class Real>
void Executor<Real>::reorder(const Operation<Real>& operation, std::size_t task) {
  const Layout& layout = plan_.layoutOf(operation.to);
  const std::size_t portions = portionsOf(layout);
  const std::size_t row = task / portions;
  const std::int64_t first = static_cast<std::int64_t>(task % portions) * kMovedPositions;
  const std::int64_t last = std::min(first + kMovedPositions, layout.positions);
  const Real* from = workspace_.reals(operation.sources.front().value, row);
  Real* to = workspace_.reals(operation.to, row);
  std::int64_t channel = 0;
  for (; channel + 4 <= layout.channels; channel += 4, from += 4 * layout.positions) {
    interleave(from + first, layout.positions, to + first * layout.stride + channel, layout.stride,
               last - first);
  }
  for (; channel < layout.channels; ++channel, from += layout.positions) {
    for (std::int64_t position = first; position < last; ++position)
      to[position * layout.stride + channel] = from[position];
  }
}

template <class Real>
void Executor<Real>::gatherSpikes(const Operation<Real>& operation, const GatherOp::From* begin,
                                  const GatherOp::From* end, const Chunk& chunk, std::size_t row) {
  const std::int64_t out = workspace_.planeStride(operation.to);
  const int positive = workspace_.range(operation.to).positive;
  while (begin != end) {
    // Units of one source lie together.
    const std::uint32_t source = begin->source;
    const auto* last =
        std::find_if(begin, end, [&](const GatherOp::From& unit) { return unit.source != source; });
    for (int word = 0; word < chunk.words; ++word) {
      const WordView from = workspace_.spikes(operation.sources[source].value, row, word);
      for (int plane = 0; plane < from.planes; ++plane) {
        const int target = plane < from.positive ? plane : positive + plane - from.positive;
        const std::uint32_t* masks = from.masks + plane * from.planeStride;
        std::uint32_t* to = workspace_.masks(operation.to, row, word) + target * out;
        for (const auto* unit = begin; unit != last; ++unit) to[unit->to] = masks[unit->index];
      }
    }
    begin = last;
  }
}

template <class Real>
void Executor<Real>::gather(const Operation<Real>& operation, const GatherOp::From* begin,
                            const GatherOp::From* end, Scratch& scratch, const Chunk& chunk,
                            std::size_t row) {
  if (plan_.values[operation.to].form == Form::Spikes)
    return gatherSpikes(operation, begin, end, chunk, row);
  const std::size_t out = sizeOf(operation.to);
  for (int step = 0; step < stepsOf(operation.to, chunk); ++step) {
    Real* to = workspace_.reals(operation.to, row) + static_cast<std::size_t>(step) * out;
    const Real* from = nullptr;
    std::uint32_t source = ~std::uint32_t{0};
    for (const auto* unit = begin; unit != end; ++unit) {
      if (unit->source != source) {
        source = unit->source;
        from = realsAt(operation.sources[source].value, row, chunk, step, scratch.step);
      }
      to[unit->to] = from[unit->index];
    }
  }
}

template <class Real>
void Executor<Real>::add(std::size_t operation, Scratch& scratch, const Chunk& chunk,
                         std::size_t row) {
  const Operation<Real>& op = plan_.operations[operation];
  const std::size_t size = sizeOf(op.to);
  for (int step = 0; step < stepsOf(op.to, chunk); ++step) {
    Real* to = workspace_.reals(op.to, row) + static_cast<std::size_t>(step) * size;
    for (std::size_t s = 0; s < op.sources.size(); ++s) {
      const auto delay = static_cast<std::size_t>(op.sources[s].delay);
      const Real* from = nullptr;
      if (delay == 0) {
        from = realsAt(op.sources[s].value, row, chunk, step, scratch.step);
      } else {
        const std::size_t slot = static_cast<std::size_t>(chunk.first + step) % delay;
        from = workspace_.history(operation, s).data() + (row * delay + slot) * size;
      }
      if (s == 0) {
        std::copy_n(from, size, to);
      } else {
        for (std::size_t i = 0; i < size; ++i) to[i] += from[i];
      }
    }
  }
}

namespace {

template <class Real>
void cutBelow0(const Real* __restrict from, Real* __restrict to, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) to[i] = from[i] < Real{0} ? Real{0} : from[i];
}

}  // namespace

// Whole positions, so that every part begins with the first slope.
template <class Real>
std::size_t Executor<Real>::rectifiedTogether(const Operation<Real>& operation) const {
  const auto stride = static_cast<std::size_t>(plan_.layoutOf(operation.to).stride);
  return std::max<std::size_t>(kRectifiedUnits / stride, 1) * stride;
}

// Only float networks have ReLUs: all rows lie behind each other.
template <class Real>
void Executor<Real>::rectify(const Operation<Real>& operation, const ReluOp<Real>& op,
                             std::size_t rows, std::size_t task) {
  const std::size_t each = rectifiedTogether(operation);
  const std::size_t begin = task * each;
  const Real* from = workspace_.reals(operation.sources.front().value, 0) + begin;
  Real* to = workspace_.reals(operation.to, 0) + begin;
  const std::size_t size = std::min(each, rows * sizeOf(operation.to) - begin);
  if (op.slopes.empty()) {
    cutBelow0(from, to, size);
  } else {
    const std::size_t stride = op.slopes.size();
    for (std::size_t first = 0; first < size; first += stride) {
      for (std::size_t c = 0; c < stride; ++c) {
        const Real value = from[first + c];
        to[first + c] = value < Real{0} ? op.slopes[c] * value : value;
      }
    }
  }
  // A negative slope may lead above the cap.
  for (std::size_t i = 0; op.cap && i < size; ++i) {
    if (from[i] > *op.cap) to[i] = *op.cap;
  }
}

template <class Real>
void Executor<Real>::pool(std::size_t operation, const PoolOp<Real>& op, Scratch& scratch,
                          const Chunk& chunk, std::size_t row) {
  const Operation<Real>& at = plan_.operations[operation];
  const Layout& in = plan_.layoutOf(at.sources.front().value);
  const Layout& out = plan_.layoutOf(at.to);
  for (int step = 0; step < stepsOf(at.to, chunk); ++step) {
    const Real* from = realsAt(at.sources.front().value, row, chunk, step, scratch.step);
    Real* to = workspace_.reals(at.to, row) + static_cast<std::size_t>(step) * sizeOf(at.to);
    for (std::int64_t position = 0; position < out.positions; ++position) {
      Real* target = to + position * out.stride;
      bool first = true;
      std::fill(target, target + out.channels, Real{0});
      for (std::int64_t tap = 0; tap < op.taps; ++tap) {
        const std::int32_t source = op.sources[static_cast<std::size_t>(position * op.taps + tap)];
        if (source < 0) continue;
        const Real* values = from + source * in.stride;
        for (std::int64_t c = 0; c < out.channels; ++c) {
          if (op.mode != PoolMode::Max)
            target[c] += values[c];
          else if (first || values[c] > target[c])
            target[c] = values[c];
        }
        first = false;
      }
      if (op.mode != PoolMode::Average) continue;
      const Real factor = op.factors[static_cast<std::size_t>(position)];
      for (std::int64_t c = 0; c < out.channels; ++c) target[c] *= factor;
    }
  }
}

template <class Real>
void Executor<Real>::gate(std::size_t operation, const PoolOp<Real>& op, const Chunk& chunk,
                          std::size_t row) {
  const Operation<Real>& at = plan_.operations[operation];
  const std::size_t source = at.sources.front().value;
  const Layout& in = plan_.layoutOf(source);
  const Layout& out = plan_.layoutOf(at.to);
  std::int32_t* totals = workspace_.totals(operation).data() + row * sizeOf(source);
  for (int word = 0; word < chunk.words; ++word) {
    const WordView from = workspace_.spikes(source, row, word);
    const SpikeRange range = workspace_.range(at.to);
    std::uint32_t* to = workspace_.masks(at.to, row, word);
    const std::int64_t planeStride = workspace_.planeStride(at.to);
    for (int plane = 0; plane < range.planes(); ++plane)
      std::fill_n(to + plane * planeStride, sizeOf(at.to), 0U);
    for (int bit = 0; bit < chunk.stepsOf(word); ++bit) {
      for (int plane = 0; plane < from.planes; ++plane) {
        for (std::int64_t unit = 0; unit < in.size(); ++unit) {
          const auto fired =
              static_cast<std::int32_t>(from.masks[plane * from.planeStride + unit] >> bit & 1U);
          totals[unit] += plane < from.positive ? fired : -fired;
        }
      }
      for (std::int64_t position = 0; position < out.positions; ++position) {
        const std::int32_t* sources = op.sources.data() + position * op.taps;
        for (std::int64_t channel = 0; channel < out.channels; ++channel) {
          std::int64_t winner = -1;
          for (std::int64_t tap = 0; tap < op.taps; ++tap) {
            if (sources[tap] < 0) continue;
            const std::int64_t unit = sources[tap] * in.stride + channel;
            if (winner < 0 || totals[unit] > totals[winner]) winner = unit;
          }
          for (int plane = 0; plane < from.planes && winner >= 0; ++plane) {
            const int target =
                plane < from.positive ? plane : range.positive + plane - from.positive;
            const std::uint32_t fired = from.masks[plane * from.planeStride + winner] >> bit & 1U;
            to[target * planeStride + position * out.stride + channel] |= fired << bit;
          }
        }
      }
    }
  }
}

template class Executor<float>;
template class Executor<double>;

}  // namespace spiq
