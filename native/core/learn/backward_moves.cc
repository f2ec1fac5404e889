#include <algorithm>

#include "core/learn/backward.h"
#include "core/learn/split.h"

// Gradients through the operations that move, add, pool or rectify values.

namespace spiq {

namespace {

// Values of one task.
constexpr std::size_t kReluValues = 8192;

}  // namespace

// Each unit of one source once, in another order.
template <class Real>
void Backward<Real>::reorder(const Operation<Real>& operation, const GatherOp& taken) {
  const std::size_t source = operation.sources.front().value;
  Real* all = flow_.setting(source);
  const std::size_t items = flow_.rows() * static_cast<std::size_t>(flow_.stepsOf(source));
  splitWork(*control_, items, flow_.sizeOf(source), [&](std::size_t item, std::size_t /*worker*/) {
    const Real* from = flow_.of(operation.to) + item * sizeOf(operation.to);
    Real* into = all + item * sizeOf(source);
    for (const auto& unit : taken.units) into[unit.index] = from[unit.to];
  });
}

template <class Real>
void Backward<Real>::gather(const Operation<Real>& operation, const GatherOp& taken) {
  if (operation.sources.size() == 1 && flow_.isFirst(operation.sources.front().value) &&
      permutes_[operation.to])
    return reorder(operation, taken);
  for (const auto& source : operation.sources) {
    if (flow_.reaches(source.value)) flow_.adding(source.value);
  }
  const auto steps = static_cast<std::size_t>(flow_.stepsOf(operation.to));
  // Constants that meet spikes have one gradient for all steps: rows apart, not steps.
  splitWork(*control_, flow_.rows(), steps * flow_.perStep(operation.to),
            [&](std::size_t row, std::size_t /*worker*/) {
              for (std::size_t step = 0; step < steps; ++step) {
                const Real* from = flow_.of(operation.to) + step * flow_.perStep(operation.to) +
                                   row * sizeOf(operation.to);
                for (const auto& unit : taken.units) {
                  const std::size_t value = operation.sources[unit.source].value;
                  if (!flow_.reaches(value)) continue;
                  const std::size_t at = flow_.stepsOf(value) == 1 ? 0 : step;
                  flow_.of(value)[at * flow_.perStep(value) + row * sizeOf(value) + unit.index] +=
                      from[unit.to];
                }
              }
            });
}

template <class Real>
void Backward<Real>::add(const Operation<Real>& operation) {
  const std::size_t count = flow_.perStep(operation.to);
  for (const auto& source : operation.sources) {
    if (!flow_.reaches(source.value)) continue;
    Real* into = flow_.adding(source.value);
    const Real* from = flow_.of(operation.to);
    const bool constant = flow_.stepsOf(source.value) == 1;
    for (int step = 0; step < flow_.stepsOf(operation.to); ++step, from += count) {
      Real* to = into + (constant ? 0 : static_cast<std::size_t>(step) * count);
      for (std::size_t i = 0; i < count; ++i) to[i] += from[i];
    }
  }
}

template <class Real>
void Backward<Real>::relu(const Operation<Real>& operation, const ReluOp<Real>& op) {
  const std::size_t source = operation.sources.front().value;
  if (!flow_.reaches(source)) return;
  const bool shared = flow_.shared(source, operation.to);
  const std::size_t count = flow_.sizeOf(source);
  Real* all = shared ? flow_.of(source) : flow_.adding(source);
  const Real* given = flow_.of(operation.to);
  // Rows lie side by side.
  const Real* values = forward_.workspace().reals(source, 0);
  const std::size_t portions = (count + kReluValues - 1) / kReluValues;
  splitWork(*control_, portions, 4 * count, [&](std::size_t portion, std::size_t /*worker*/) {
    const std::size_t last = std::min((portion + 1) * kReluValues, count);
    std::size_t i = portion * kReluValues;
    if (shared && op.slopes.empty() && !op.cap) {
      for (; i < last; ++i) all[i] = values[i] > Real{0} ? all[i] : Real{0};
      return;
    }
    for (; i < last; ++i) {
      const Real below = op.slopes.empty() ? Real{0} : op.slopes[i % op.slopes.size()];
      Real slope = values[i] > Real{0} ? Real{1} : below;
      if (op.cap && values[i] >= *op.cap) slope = Real{0};
      all[i] = (shared ? Real{0} : all[i]) + slope * given[i];
    }
  });
}

template <class Real>
void Backward<Real>::pool(const Operation<Real>& operation, const PoolOp<Real>& op) {
  const std::size_t source = operation.sources.front().value;
  if (!flow_.reaches(source)) return;
  const Layout& in = plan_.layoutOf(source);
  const Layout& out = plan_.layoutOf(operation.to);
  flow_.adding(source);
  const std::size_t items = flow_.rows() * static_cast<std::size_t>(flow_.stepsOf(source));
  splitWork(
      *control_, items, items * op.sources.size() * sizeof(Real),
      [&](std::size_t item, std::size_t /*worker*/) {
        const Real* from = flow_.of(operation.to) + item * sizeOf(operation.to);
        Real* into = flow_.of(source) + item * sizeOf(source);
        for (std::int64_t position = 0; position < out.positions; ++position, from += out.stride) {
          const Real factor = op.mode == PoolMode::Average
                                  ? op.factors[static_cast<std::size_t>(position)]
                                  : Real{1};
          for (std::int64_t tap = 0; tap < op.taps; ++tap) {
            const std::int32_t at = op.sources[static_cast<std::size_t>(position * op.taps + tap)];
            if (at < 0) continue;
            for (std::int64_t c = 0; c < out.channels; ++c)
              into[at * in.stride + c] += factor * from[c];
          }
        }
      });
}

template <class Real>
void Backward<Real>::maximum(const Operation<Real>& operation, const PoolOp<Real>& op) {
  const std::size_t source = operation.sources.front().value;
  if (!flow_.reaches(source)) return;
  const Layout& in = plan_.layoutOf(source);
  const Layout& out = plan_.layoutOf(operation.to);
  flow_.adding(source);
  const std::size_t items = flow_.rows() * static_cast<std::size_t>(flow_.stepsOf(source));
  splitWork(
      *control_, items, items * op.sources.size() * sizeof(Real),
      [&](std::size_t item, std::size_t /*worker*/) {
        std::vector<Real> buffer;
        const Real* values =
            realsAt(source, item % flow_.rows(), static_cast<int>(item / flow_.rows()), buffer);
        const Real* from = flow_.of(operation.to) + item * sizeOf(operation.to);
        Real* into = flow_.of(source) + item * sizeOf(source);
        for (std::int64_t position = 0; position < out.positions; ++position, from += out.stride) {
          for (std::int64_t c = 0; c < out.channels; ++c) {
            std::int64_t winner = -1;
            for (std::int64_t tap = 0; tap < op.taps; ++tap) {
              const std::int32_t at =
                  op.sources[static_cast<std::size_t>(position * op.taps + tap)];
              if (at < 0) continue;
              const std::int64_t unit = at * in.stride + c;
              if (winner < 0 || values[unit] > values[winner]) winner = unit;
            }
            if (winner >= 0) into[winner] += from[c];
          }
        }
      });
}

// The totals are those behind the last step; each step's spikes are taken from them on the way.
template <class Real>
void Backward<Real>::gated(std::size_t index, const PoolOp<Real>& op) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  if (!flow_.reaches(source)) return;
  const Layout& in = plan_.layoutOf(source);
  const Layout& out = plan_.layoutOf(operation.to);
  const std::size_t size = sizeOf(source);
  flow_.adding(source);
  totals_ = forward_.workspace().totals(index);
  splitWork(*control_, flow_.rows(), flow_.sizeOf(source),
            [&](std::size_t row, std::size_t /*worker*/) {
              std::vector<Real> buffer;
              std::int32_t* totals = totals_.data() + row * size;
              for (int step = flow_.stepsOf(source); step-- > 0;) {
                const std::size_t item = static_cast<std::size_t>(step) * flow_.rows() + row;
                const Real* from = flow_.of(operation.to) + item * sizeOf(operation.to);
                Real* into = flow_.of(source) + item * size;
                for (std::int64_t position = 0; position < out.positions;
                     ++position, from += out.stride) {
                  for (std::int64_t c = 0; c < out.channels; ++c) {
                    std::int64_t winner = -1;
                    for (std::int64_t tap = 0; tap < op.taps; ++tap) {
                      const std::int32_t at =
                          op.sources[static_cast<std::size_t>(position * op.taps + tap)];
                      if (at < 0) continue;
                      const std::int64_t unit = at * in.stride + c;
                      if (winner < 0 || totals[unit] > totals[winner]) winner = unit;
                    }
                    if (winner >= 0) into[winner] += from[c];
                  }
                }
                const Real* spikes = realsAt(source, row, step, buffer);
                for (std::size_t unit = 0; unit < size; ++unit)
                  totals[unit] -= static_cast<std::int32_t>(spikes[unit]);
              }
            });
}

template void Backward<float>::gather(const Operation<float>&, const GatherOp&);
template void Backward<double>::gather(const Operation<double>&, const GatherOp&);
template void Backward<float>::add(const Operation<float>&);
template void Backward<double>::add(const Operation<double>&);
template void Backward<float>::relu(const Operation<float>&, const ReluOp<float>&);
template void Backward<double>::relu(const Operation<double>&, const ReluOp<double>&);
template void Backward<float>::pool(const Operation<float>&, const PoolOp<float>&);
template void Backward<double>::pool(const Operation<double>&, const PoolOp<double>&);
template void Backward<float>::maximum(const Operation<float>&, const PoolOp<float>&);
template void Backward<double>::maximum(const Operation<double>&, const PoolOp<double>&);
template void Backward<float>::gated(std::size_t, const PoolOp<float>&);
template void Backward<double>::gated(std::size_t, const PoolOp<double>&);

}  // namespace spiq
