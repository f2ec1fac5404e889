#include <algorithm>
#include <array>

#include "core/sim/executor.h"
#include "core/sim/places.h"

namespace spiq {

namespace {

// Cells whose sums lie side by side in a tile.
constexpr std::size_t kMostCells = kTileUnits / kUnitPadding;
}  // namespace

template <class Real>
void Executor<Real>::project(const Operation<Real>& operation, const LinearData<Real>& linear,
                             const Task& task, Scratch& scratch, const Chunk& chunk) {
  const std::size_t source = operation.sources.front().value;
  const std::size_t in = sizeOf(source);
  const std::size_t out = sizeOf(operation.to);
  const int steps = stepsOf(operation.to, chunk);
  const bool constant = plan_.values[source].form == Form::Constant;
  const std::int64_t positions = linear.out().positions;
  const auto count = static_cast<std::size_t>((task.last - task.first) * steps);
  if (scratch.columns.size() < count) scratch.columns.resize(count);
  Column<Real>* column = scratch.columns.data();
  if (positions == 1 && steps == 1) {
    // Rows of a small layer take hardly longer to compute than to list.
    const Real* from = workspace_.reals(source, static_cast<std::size_t>(task.first));
    Real* to = workspace_.reals(operation.to, static_cast<std::size_t>(task.first));
    const std::size_t fromNext = workspace_.rowDistance(source);
    const std::size_t toNext = workspace_.rowDistance(operation.to);
    const std::int32_t* sources = linear.sources(0);
    const bool whole = linear.whole(0);
    for (std::size_t i = 0; i < count; ++i)
      column[i] = {from + i * fromNext, sources, to + i * toNext, whole};
    return backend_.project(linear.view(), task.tile, column, count);
  }
  auto [row, position] = placeOf(task.first, positions);
  for (std::int64_t cell = task.first; cell < task.last; ++row, position = 0) {
    const Real* from = workspace_.reals(source, row);
    Real* to = workspace_.reals(operation.to, row);
    for (; cell < task.last && position < positions; ++cell, ++position) {
      const std::int32_t* sources = linear.sources(position);
      const bool whole = linear.whole(position);
      for (int step = 0; step < steps; ++step) {
        const auto t = static_cast<std::size_t>(step);
        *column++ = {from + (constant ? 0 : t * in), sources,
                     to + t * out + position * linear.out().stride, whole};
      }
    }
  }
  backend_.project(linear.view(), task.tile, scratch.columns.data(), count);
}

template <class Real>
void Executor<Real>::accumulate(std::size_t operation, std::int64_t tile, std::int64_t firstCell,
                                std::int64_t cells, Scratch& scratch, const Chunk& chunk, int word,
                                std::int64_t stride) {
  const Operation<Real>& summed = *summed_[operation];
  const auto& linear = *summed.template as<LinearData<Real>>();
  const LinearView<Real> view = linear.view();
  const std::size_t source = summed.sources.front().value;
  const std::int64_t positions = linear.out().positions;
  std::array<SpikeCell, kMostCells> unlisted{};
  std::size_t count = 0;
  auto [row, position] = placeOf(firstCell, positions);
  for (std::int64_t i = 0; i < cells; ++i, ++position) {
    if (position == positions) {
      position = 0;
      ++row;
    }
    const std::int32_t* sources = linear.sources(position);
    const std::int64_t offset = i * view.outPadded;
    const StepLists* lines = listed_[operation]
                                 ? scratch.lists.find(backend_, workspace_, row, word, position)
                                 : nullptr;
    if (lines == nullptr) {
      unlisted[count++] = {sources, workspace_.spikes(source, row, word), offset};
    } else {
      backend_.accumulateLists(view, tile, sources, lines, chunk.stepsOf(word),
                               scratch.sums.data() + offset, stride);
    }
  }
  if (count == 0) return;
  backend_.accumulate(view, tile, unlisted.data(), count, chunk.stepsOf(word), scratch.sums.data(),
                      stride);
}

template <class Real>
bool Executor<Real>::sumsWordsAtOnce(std::size_t operation, std::int64_t cells, std::int64_t width,
                                     const Chunk& chunk) const {
  return summed_[operation] != nullptr && !listed_[operation] && cells == 1 &&
         width * chunk.words <= kTileUnits;
}

// The words of a narrow tile's cell lie in the table of sums as several cells do otherwise.
template <class Real>
void Executor<Real>::accumulateWords(std::size_t operation, std::int64_t tile, std::int64_t cell,
                                     Scratch& scratch, const Chunk& chunk, std::int64_t width) {
  const Operation<Real>& summed = *summed_[operation];
  const auto& linear = *summed.template as<LinearData<Real>>();
  const auto [row, position] = placeOf(cell, linear.out().positions);
  std::array<SpikeCell, kMaxWords> words{};
  for (int word = 0; word < chunk.words; ++word) {
    words[static_cast<std::size_t>(word)] = {
        linear.sources(position), workspace_.spikes(summed.sources.front().value, row, word),
        std::int64_t{word} * kWordSteps * width};
  }
  backend_.accumulate(linear.view(), tile, words.data(), static_cast<std::size_t>(chunk.words),
                      chunk.stepsOf(0), scratch.sums.data(), width);
}

template <class Real>
void Executor<Real>::sumSpikes(std::size_t operation, const LinearData<Real>& linear,
                               const Task& task, Scratch& scratch, const Chunk& chunk) {
  const std::size_t to = plan_.operations[operation].to;
  const std::size_t out = sizeOf(to);
  const std::int64_t width = linear.view().tileWidth(task.tile);
  const std::int64_t positions = linear.out().positions;
  const Real* bias = linear.bias() + task.tile * kTileUnits;
  for (std::int64_t cell = task.first; cell < task.last; ++cell) {
    const auto [row, position] = placeOf(cell, positions);
    Real* base =
        workspace_.reals(to, row) + position * linear.out().stride + task.tile * kTileUnits;
    for (int word = 0; word < chunk.words; ++word) {
      accumulate(operation, task.tile, cell, 1, scratch, chunk, word, width);
      for (int step = 0; step < chunk.stepsOf(word); ++step) {
        Real* at = base + static_cast<std::size_t>(chunk.before(word) + step) * out;
        const Real* sums = scratch.sums.data() + step * width;
        for (std::int64_t unit = 0; unit < width; ++unit) at[unit] = sums[unit] + bias[unit];
      }
    }
  }
}

template <class Real>
auto Executor<Real>::drive(std::size_t operation, std::int64_t cell, std::int64_t cells,
                           std::int64_t tile, Scratch& scratch, const Chunk& chunk, int word)
    -> Drive {
  const Operation<Real>& op = plan_.operations[operation];
  const Layout& layout = plan_.layoutOf(op.to);
  const std::size_t source = op.sources.front().value;
  const std::int64_t first = tile * kTileUnits;
  const std::int64_t width =
      cells == 1 ? std::min(kTileUnits, layout.stride - first) : cells * layout.stride;
  if (summed_[operation] != nullptr) {
    accumulate(operation, tile, cell, cells, scratch, chunk, word, width);
    return {scratch.sums.data(), width};
  }
  for (std::int64_t i = 0; i < cells; ++i) {
    const auto [row, position] = placeOf(cell + i, layout.positions);
    Real* sums = scratch.sums.data() + i * layout.stride;
    const std::int64_t each = cells == 1 ? width : layout.stride;
    for (int step = 0; step < chunk.stepsOf(word); ++step) {
      const Real* reals = realsAt(source, row, chunk, chunk.before(word) + step, scratch.step);
      std::copy_n(reals + position * layout.stride + first, each, sums + step * width);
    }
  }
  return {scratch.sums.data(), width};
}

template <class Real>
void Executor<Real>::fire(std::size_t operation, const NeuronOp<Real>& neuron, const Task& task,
                          Scratch& scratch, const Chunk& chunk) {
  const Operation<Real>& op = plan_.operations[operation];
  const Layout& layout = plan_.layoutOf(op.to);
  const std::size_t index = neuronIndex_[operation];
  const SpikeRange range = workspace_.range(op.to);
  typename Workspace<Real>::State& state = workspace_.state(index);
  const Operation<Real>* driver = summed_[operation];
  const Real* bias =
      driver == nullptr ? neuron.noBias.data() : driver->template as<LinearData<Real>>()->bias();
  const Value& source = plan_.values[op.sources.front().value];
  const std::int64_t first = task.tile * kTileUnits;
  // Narrow layers: several cells fill a tile.
  const std::int64_t together = std::max<std::int64_t>(kTileUnits / layout.stride, 1);
  std::int64_t cells = together;
  for (std::int64_t cell = task.first; cell < task.last; cell += cells) {
    cells = std::min(together, task.last - cell);
    const std::int64_t at = cell * layout.stride + first;
    const std::int64_t width =
        cells == 1 ? std::min(kTileUnits, layout.stride - first) : cells * layout.stride;
    const bool atOnce = sumsWordsAtOnce(operation, cells, width, chunk);
    if (atOnce) accumulateWords(operation, task.tile, cell, scratch, chunk, width);
    for (int word = 0; word < chunk.words; ++word) {
      const UnitsView<Real> units{width,
                                  neuron.thresholds.data() + first,
                                  neuron.negatives.data() + first,
                                  bias + first,
                                  state.current.data() + at,
                                  state.potential.data() + at,
                                  state.waiting.data() + at,
                                  workspace_.masks(op.to, 0, word) + at,
                                  workspace_.planeStride(op.to),
                                  range.positive,
                                  range.planes()};
      Drive from{};
      if (source.form == Form::Constant) {
        // As the cells do, row after row.
        from = {workspace_.reals(op.sources.front().value, 0) + at, 0};
      } else if (atOnce) {
        from = {scratch.sums.data() + std::int64_t{word} * kWordSteps * width, width};
      } else {
        from = drive(operation, cell, cells, task.tile, scratch, chunk, word);
      }
      update(index, neuron, units, at, from, chunk, word);
    }
  }
}

template <class Real>
void Executor<Real>::update(std::size_t index, const NeuronOp<Real>& neuron,
                            const UnitsView<Real>& units, std::int64_t at, const Drive& drive,
                            const Chunk& chunk, int word) {
  typename Workspace<Real>::State& state = workspace_.state(index);
  if (state.keeps) {
    // Rows lie side by side in every step.
    const std::int64_t all = workspace_.planeStride(plan_.operations[plan_.neurons[index]].to);
    const std::int64_t first = chunk.before(word) * all;
    Real* currents = state.testedCurrents.empty() ? nullptr : state.testedCurrents.data() + first;
    backend_.updateTraced(neuron.params, units, drive.input, drive.stride, 0, chunk.stepsOf(word),
                          {nullptr, state.tested.data() + first, currents, at, all, all, all});
    return;
  }
  if (state.potentials.empty()) {
    backend_.update(neuron.params, units, drive.input, drive.stride, 0, chunk.stepsOf(word));
    return;
  }
  const auto size = static_cast<std::int64_t>(sizeOf(plan_.operations[plan_.neurons[index]].to));
  const std::int64_t first = chunk.before(word) * size;
  Real* currents = state.currents.empty() ? nullptr : state.currents.data() + first;
  backend_.updateTraced(neuron.params, units, drive.input, drive.stride, 0, chunk.stepsOf(word),
                        {state.potentials.data() + first, nullptr, currents, at, size,
                         workspace_.chunkSteps() * size, size});
}

template class Executor<float>;
template class Executor<double>;

}  // namespace spiq
