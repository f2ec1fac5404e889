#include <algorithm>

#include "core/learn/backward.h"
#include "core/learn/split.h"

// Gradients of weights, biases and inputs of linear layers.

namespace spiq {

namespace {

// Rows of a tile's weights that one task goes through: at most so many, so that threads do not wait
// for the last task, and so many times a number that kernels have sums of in registers.
constexpr std::int64_t kMostRows = 512;
constexpr std::int64_t kRowsTogether = 24;
constexpr std::int64_t kTasksEach = 4;

}  // namespace

template <class Real>
WeightRows Backward<Real>::weightRows(const LinearData<Real>& data, std::int64_t tile,
                                      std::int64_t portions, std::int64_t portion) {
  const LinearView<Real> view = data.view();
  const std::int64_t all = view.taps * (view.alone ? 1 : view.ranges[tile].count());
  return {all * portion / portions, all * (portion + 1) / portions};
}

template <class Real>
void Backward<Real>::linear(std::size_t index, const LinearData<Real>& data) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const auto rows = static_cast<std::int64_t>(flow_.rows());
  const std::int64_t steps = flow_.stepsOf(operation.to);
  const std::size_t work =
      flow_.rows() * static_cast<std::size_t>(steps * data.out().positions) * data.weights().size();
  if (canPostpone(index, data)) {
    postpone(index, data);
  } else if (Real* into = trained_.weightGradient(index)) {
    const std::int64_t portions = weightPortions(data);
    splitWork(*control_, static_cast<std::size_t>(data.out().tiles() * portions), work,
              [&](std::size_t task, std::size_t /*worker*/) {
                const auto at = static_cast<std::int64_t>(task);
                weights(index, data, at / portions,
                        weightRows(data, at / portions, portions, at % portions), into);
              });
  }
  if (trained_.biasGradient(index) != nullptr) biases(index, data);
  if (!flow_.reaches(source)) return;
  TransposedLinear<Real>& transposed = transposedOf(index, data, work);
  const bool first = flow_.isFirst(source);
  if (!first) beside_.resize(flow_.sizeOf(source));
  Real* into = first ? flow_.setting(source) : beside_.data();
  const auto step = static_cast<std::int64_t>(flow_.perStep(source));
  const auto row = static_cast<std::int64_t>(sizeOf(source));
  columns_.resize(std::max(columns_.size(), control_->threads));
  transposed.start(rows, steps, flowing(operation.to), {into, row, step});
  splitWork(*control_, transposed.tasks(), work, [&](std::size_t task, std::size_t worker) {
    transposed.run(forward_.backend(), task, columns_[worker]);
  });
  if (first) return;
  Real* sum = flow_.of(source);
  for (std::size_t i = 0; i < flow_.sizeOf(source); ++i) sum[i] += beside_[i];
}

template <class Real>
Batch<const Real> Backward<Real>::flowing(std::size_t value) {
  return {flow_.of(value), static_cast<std::int64_t>(sizeOf(value)),
          static_cast<std::int64_t>(flow_.perStep(value))};
}

template <class Real>
TransposedLinear<Real>& Backward<Real>::transposedOf(std::size_t index,
                                                     const LinearData<Real>& data,
                                                     std::size_t work) {
  Transposed& kept = transposed_[index];
  if (kept.layer == nullptr) {
    kept.layer = std::make_unique<TransposedLinear<Real>>(data);
  } else if (kept.stale) {
    splitWork(*control_, kept.layer->parts(), work,
              [&](std::size_t part, std::size_t /*worker*/) { kept.layer->copyWeights(part); });
  }
  kept.stale = false;
  return *kept.layer;
}

template <class Real>
std::int64_t Backward<Real>::weightPortions(const LinearData<Real>& data) const {
  const LinearView<Real> view = data.view();
  const std::int64_t rows = view.taps * (view.alone ? 1 : view.ranges[0].count());
  const auto threads = static_cast<std::int64_t>(control_->threads);
  const std::int64_t most = (rows + kRowsTogether - 1) / kRowsTogether;
  const std::int64_t each = (threads * kTasksEach + data.out().tiles() - 1) / data.out().tiles();
  return std::max((rows + kMostRows - 1) / kMostRows, threads == 1 ? 1 : std::min(each, most));
}

template <class Real>
void Backward<Real>::weights(std::size_t index, const LinearData<Real>& data, std::int64_t tile,
                             WeightRows rows, Real* into) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const LinearView<Real> view = data.view();
  Extent extent{static_cast<std::int64_t>(flow_.rows()), data.out().positions,
                flow_.stepsOf(operation.to), data.sources(0), whole_[index]};
  Batch<const Real> gradient = flowing(operation.to);
  Workspace<Real>& workspace = forward_.workspace();
  const auto size = static_cast<std::int64_t>(sizeOf(source));
  if (plan_.values[source].form != Form::Spikes) {
    const bool series = plan_.values[source].form == Form::Series;
    const Batch<const Real> input{workspace.reals(source, 0),
                                  series ? size * workspace.chunkSteps() : size, series ? size : 0};
    return forward_.backend().weightGradient(view, tile, rows, extent, input, gradient, false,
                                             into);
  }
  const Chunk& chunk = forward_.chunk();
  const SpikeRange range = workspace.range(source);
  for (int word = 0; word < chunk.words; ++word) {
    const SpikeBatch input{workspace.masks(source, 0, word), size,           0,
                           workspace.planeStride(source),    range.positive, range.planes()};
    extent.steps = chunk.stepsOf(word);
    const Batch<const Real> from{gradient.at + chunk.before(word) * gradient.step, gradient.row,
                                 gradient.step};
    forward_.backend().spikeGradient(view, tile, rows, extent, input, from, word > 0, into);
  }
}

template <class Real>
void Backward<Real>::biases(std::size_t index, const LinearData<Real>& data) {
  const Operation<Real>& operation = plan_.operations[index];
  Extent extent{static_cast<std::int64_t>(flow_.rows()), data.out().positions,
                flow_.stepsOf(operation.to), data.sources(0), whole_[index]};
  Batch<const Real> gradient = flowing(operation.to);
  // Where neurons have summed their steps already.
  if (const Real* sums = sumsOverSteps(operation.to)) {
    gradient.at = sums;
    extent.steps = 1;
  }
  const std::int64_t stride = data.out().stride;
  const auto work = static_cast<std::size_t>(extent.rows * extent.steps * data.out().size());
  splitWork(*control_, static_cast<std::size_t>(data.out().tiles()), work,
            [&](std::size_t task, std::size_t /*worker*/) {
              const std::int64_t first = static_cast<std::int64_t>(task) * kTileUnits;
              forward_.backend().biasGradient(stride, first, std::min(first + kTileUnits, stride),
                                              extent, gradient, false,
                                              trained_.biasGradient(index));
            });
}

template void Backward<float>::linear(std::size_t, const LinearData<float>&);
template WeightRows Backward<float>::weightRows(const LinearData<float>&, std::int64_t,
                                                std::int64_t, std::int64_t);
template void Backward<float>::weights(std::size_t, const LinearData<float>&, std::int64_t,
                                       WeightRows, float*);
template void Backward<double>::linear(std::size_t, const LinearData<double>&);
template WeightRows Backward<double>::weightRows(const LinearData<double>&, std::int64_t,
                                                 std::int64_t, std::int64_t);
template void Backward<double>::weights(std::size_t, const LinearData<double>&, std::int64_t,
                                        WeightRows, double*);

}  // namespace spiq
