#include "core/sim/executor.h"

#include <algorithm>
#include <array>

namespace spiq {

namespace {

// Cells of one task: what a kernel projects at once. and few where spikes are summed, which
// takes so much longer that threads would wait for the last task.
constexpr std::int64_t kProjectedCells = 6;
constexpr std::int64_t kSummedCells = 4;
// Cells whose sums lie side by side in a tile.
constexpr std::size_t kMostCells = kTileUnits / kUnitPadding;
// Below so many values an operation is done before another thread has woken.
constexpr std::size_t kWorthSplitting = 4096;
// Units of one task that moves values.
constexpr std::size_t kMovedUnits = 1024;

std::int64_t portions(std::int64_t count, std::int64_t each) {
  return each >= count ? 1 : (count + each - 1) / each;
}

// Positions that are brought into another order at a time: their lines stay in the first cache
// while one channel after the other is written.
constexpr std::int64_t kMovedPositions = 256;

std::size_t portionsOf(const Layout& layout) {
  return static_cast<std::size_t>(portions(layout.positions, kMovedPositions));
}

struct Place {
  std::size_t row;
  std::int64_t position;
};

// Divisions take longer than all else that small networks do for a cell.
Place placeOf(std::int64_t cell, std::int64_t positions) {
  if (positions == 1) return {static_cast<std::size_t>(cell), 0};
  return {static_cast<std::size_t>(cell / positions), cell % positions};
}

}  // namespace

template <class Real>
Executor<Real>::Executor(const Plan<Real>& plan, const Backend<Real>& backend,
                         Workspace<Real>& workspace, std::size_t threads)
    : plan_(plan),
      backend_(backend),
      workspace_(workspace),
      scratch_(threads),
      neuronIndex_(plan.operations.size()),
      summed_(plan.operations.size()),
      listed_(plan.operations.size()) {
  for (Scratch& scratch : scratch_)
    scratch.sums.resize(static_cast<std::size_t>(kWordSteps * kTileUnits));
  for (std::size_t n = 0; n < plan.neurons.size(); ++n) neuronIndex_[plan.neurons[n]] = n;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    const Operation<Real>& operation = plan.operations[i];
    const auto* linear = operation.template as<LinearData<Real>>();
    const std::size_t source = operation.sources.front().value;
    if (linear == nullptr || plan.values[source].form != Form::Spikes) continue;
    std::size_t user = i;
    while (operation.fused && plan.operations[user].sources.front().value != operation.to) ++user;
    summed_[user] = &operation;
    const SpikeRange range = workspace.range(source);
    listed_[user] = range.positive == 1 && range.negative == 0 && worthListing(*linear);
  }
}

template <class Real>
bool Executor<Real>::idles(std::size_t operation, bool constants) const {
  const Operation<Real>& op = plan_.operations[operation];
  return op.fused || (plan_.values[op.to].form == Form::Constant) != constants;
}

template <class Real>
bool Executor<Real>::worthSplitting(std::size_t operation, std::size_t rows) const {
  const Operation<Real>& op = plan_.operations[operation];
  const Operation<Real>& from = summed_[operation] != nullptr ? *summed_[operation] : op;
  return scratch_.size() > 1 &&
         rows * (sizeOf(op.to) + sizeOf(from.sources.front().value)) >= kWorthSplitting;
}

template <class Real>
void Executor<Real>::execute(const Chunk& chunk, bool constants, std::size_t rows,
                             const std::vector<bool>& done, Control& control) {
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
    if (idles(i, constants)) continue;
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    begin(i, chunk, rows);
    const std::size_t count = tasks(i, rows);
    const auto task = [&](std::size_t index, std::size_t thread) {
      run(i, index, thread, chunk, rows, done);
    };
    if (count > 1 && worthSplitting(i, rows)) {
      control.pool.run(count, scratch_.size(), task);
    } else {
      for (std::size_t index = 0; index < count; ++index) task(index, 0);
    }
  }
}

template <class Real>
void Executor<Real>::begin(std::size_t operation, const Chunk& chunk, std::size_t rows) {
  if (!listed_[operation]) return;
  const Operation<Real>& summed = *summed_[operation];
  for (Scratch& scratch : scratch_) {
    scratch.lists.start(*summed.template as<LinearData<Real>>(), summed.sources.front().value, rows,
                        chunk);
  }
}

template <class Real>
std::int64_t Executor<Real>::block(const Operation<Real>& operation, std::int64_t cells) const {
  const Layout& layout = plan_.layoutOf(operation.to);
  // All rows of a fully connected layer go through one tile of its weights together, unless there
  // are too few tiles for the threads.
  if (layout.positions == 1) {
    const auto threads = static_cast<std::int64_t>(scratch_.size());
    return layout.tiles() >= threads ? cells : (cells + threads - 1) / threads;
  }
  return operation.template as<NeuronOp<Real>>() == nullptr ? kProjectedCells : kSummedCells;
}

template <class Real>
std::size_t Executor<Real>::tasks(std::size_t operation, std::size_t rows) const {
  const Operation<Real>& op = plan_.operations[operation];
  if (const auto* taken = op.template as<GatherOp>()) {
    if (reorders(op, *taken)) return rows * portionsOf(plan_.layoutOf(op.to));
    return rows * ((taken->units.size() + kMovedUnits - 1) / kMovedUnits);
  }
  if (op.template as<LinearData<Real>>() == nullptr && op.template as<NeuronOp<Real>>() == nullptr)
    return 1;
  const Layout& layout = plan_.layoutOf(op.to);
  const std::int64_t cells = static_cast<std::int64_t>(rows) * layout.positions;
  const std::int64_t each = block(op, cells);
  return static_cast<std::size_t>(layout.tiles() * portions(cells, each));
}

template <class Real>
auto Executor<Real>::taskOf(const Operation<Real>& operation, std::size_t task,
                            std::size_t rows) const -> Task {
  const std::int64_t cells =
      static_cast<std::int64_t>(rows) * plan_.layoutOf(operation.to).positions;
  const std::int64_t each = block(operation, cells);
  const std::int64_t blocks = portions(cells, each);
  const Place place = placeOf(static_cast<std::int64_t>(task), blocks);
  const std::int64_t first = place.position * each;
  return {static_cast<std::int64_t>(place.row), first, std::min(first + each, cells)};
}

template <class Real>
void Executor<Real>::run(std::size_t operation, std::size_t task, std::size_t thread,
                         const Chunk& chunk, std::size_t rows, const std::vector<bool>& done) {
  const Operation<Real>& op = plan_.operations[operation];
  Scratch& scratch = scratch_[thread];
  const bool spikes = plan_.values[op.sources.front().value].form == Form::Spikes;
  if (const auto* linear = op.template as<LinearData<Real>>()) {
    const Task part = taskOf(op, task, rows);
    spikes ? sumSpikes(operation, *linear, part, scratch, chunk)
           : project(op, *linear, part, scratch, chunk);
    return;
  }
  if (const auto* neuron = op.template as<NeuronOp<Real>>())
    return fire(operation, *neuron, taskOf(op, task, rows), scratch, chunk);
  if (const auto* taken = op.template as<GatherOp>()) {
    if (reorders(op, *taken)) return reorder(op, task);
    const std::size_t blocks = (taken->units.size() + kMovedUnits - 1) / kMovedUnits;
    const std::size_t first = task % blocks * kMovedUnits;
    const auto* begin = taken->units.data() + first;
    return gather(op, begin, begin + std::min(kMovedUnits, taken->units.size() - first), scratch,
                  chunk, task / blocks);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    if (done[row]) continue;
    if (const auto* pooled = op.template as<PoolOp<Real>>()) {
      pooled->gated ? gate(operation, *pooled, chunk, row)
                    : pool(operation, *pooled, scratch, chunk, row);
    } else if (op.template as<AddOp>() != nullptr) {
      add(operation, scratch, chunk, row);
    } else {
      rectify(op, row);
    }
  }
}

template <class Real>
bool Executor<Real>::reorders(const Operation<Real>& operation, const GatherOp& taken) const {
  return taken.fromUserOrder && plan_.values[operation.to].form == Form::Constant;
}

template <class Real>
void Executor<Real>::reorder(const Operation<Real>& operation, std::size_t task) {
  const Layout& layout = plan_.layoutOf(operation.to);
  const std::size_t portions = portionsOf(layout);
  const std::size_t row = task / portions;
  const std::int64_t first = static_cast<std::int64_t>(task % portions) * kMovedPositions;
  const std::int64_t last = std::min(first + kMovedPositions, layout.positions);
  const Real* from = workspace_.reals(operation.sources.front().value, row);
  Real* to = workspace_.reals(operation.to, row);
  for (std::int64_t channel = 0; channel < layout.channels; ++channel, from += layout.positions) {
    for (std::int64_t position = first; position < last; ++position)
      to[position * layout.stride + channel] = from[position];
  }
}

template <class Real>
void Executor<Real>::project(const Operation<Real>& operation, const LinearData<Real>& linear,
                             const Task& task, Scratch& scratch, const Chunk& chunk) {
  const std::size_t source = operation.sources.front().value;
  const std::size_t in = sizeOf(source);
  const std::size_t out = sizeOf(operation.to);
  const int steps = stepsOf(operation.to, chunk);
  const bool constant = plan_.values[source].form == Form::Constant;
  const std::int64_t positions = linear.out().positions;
  scratch.columns.clear();
  for (std::int64_t cell = task.first; cell < task.last; ++cell) {
    const auto [row, position] = placeOf(cell, positions);
    const Real* from = workspace_.reals(source, row);
    Real* to = workspace_.reals(operation.to, row) + position * linear.out().stride;
    for (int step = 0; step < steps; ++step) {
      const auto t = static_cast<std::size_t>(step);
      scratch.columns.push_back(
          {from + (constant ? 0 : t * in), linear.sources(position), to + t * out,
           linear.whole(position)});
    }
  }
  backend_.project(linear.view(), task.tile, scratch.columns.data(), scratch.columns.size());
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
  std::array<SpikeCell, kMostCells> unlisted;
  std::size_t count = 0;
  auto [row, position] = placeOf(firstCell, positions);
  for (std::int64_t i = 0; i < cells; ++i, ++position) {
    if (position == positions) {
      position = 0;
      ++row;
    }
    const std::int32_t* sources = linear.sources(position);
    const std::int64_t offset = i * view.outPadded;
    const StepLists* lines =
        listed_[operation] ? scratch.lists.find(backend_, workspace_, row, word, position)
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
void Executor<Real>::sumSpikes(std::size_t operation, const LinearData<Real>& linear,
                               const Task& task, Scratch& scratch, const Chunk& chunk) {
  const std::size_t to = plan_.operations[operation].to;
  const std::size_t out = sizeOf(to);
  const std::int64_t width = linear.view().tileWidth(task.tile);
  const std::int64_t positions = linear.out().positions;
  const Real* bias = linear.bias() + task.tile * kTileUnits;
  for (std::int64_t cell = task.first; cell < task.last; ++cell) {
    const auto [row, position] = placeOf(cell, positions);
    Real* base = workspace_.reals(to, row) + position * linear.out().stride +
                 task.tile * kTileUnits;
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
    for (int word = 0; word < chunk.words; ++word) {
      const UnitsView<Real> units{width,
                                  neuron.thresholds.data() + first,
                                  bias + first,
                                  state.current.data() + at,
                                  state.potential.data() + at,
                                  state.waiting.data() + at,
                                  workspace_.masks(op.to, 0, word) + at,
                                  workspace_.planeStride(op.to),
                                  range.positive,
                                  range.planes()};
      // A constant lies as the cells do, row after row.
      const Drive from = source.form == Form::Constant
                             ? Drive{workspace_.reals(op.sources.front().value, 0) + at, 0}
                             : drive(operation, cell, cells, task.tile, scratch, chunk, word);
      update(index, neuron, units, at, from, chunk, word);
    }
  }
}

template <class Real>
void Executor<Real>::update(std::size_t index, const NeuronOp<Real>& neuron,
                            const UnitsView<Real>& units, std::int64_t at, const Drive& drive,
                            const Chunk& chunk, int word) {
  typename Workspace<Real>::State& state = workspace_.state(index);
  if (state.potentials.empty()) {
    backend_.update(neuron.params, units, drive.input, drive.stride, 0, chunk.stepsOf(word));
    return;
  }
  const auto size = static_cast<std::int64_t>(sizeOf(plan_.operations[plan_.neurons[index]].to));
  for (int step = 0; step < chunk.stepsOf(word); ++step) {
    backend_.update(neuron.params, units, drive.input + step * drive.stride, drive.stride, step, 1);
    const std::int64_t now = chunk.before(word) + step;
    for (std::int64_t unit = 0; unit < units.width; ++unit) {
      const std::int64_t row = (at + unit) / size;
      const auto to = static_cast<std::size_t>((row * workspace_.chunkSteps() + now) * size +
                                               (at + unit) % size);
      state.potentials[to] = units.potential[unit];
      if (!state.currents.empty()) state.currents[to] = units.current[unit];
    }
  }
}

template <class Real>
const Real* Executor<Real>::realsAt(std::size_t value, std::size_t row, const Chunk& chunk,
                                    int step, std::vector<Real>& buffer) {
  const std::size_t size = sizeOf(value);
  if (plan_.values[value].form == Form::Constant) return workspace_.reals(value, row);
  if (plan_.values[value].form == Form::Series)
    return workspace_.reals(value, row) + static_cast<std::size_t>(step) * size;
  int word = 0;
  while (step >= chunk.before(word) + chunk.stepsOf(word)) ++word;
  const WordView spikes = workspace_.spikes(value, row, word);
  const int bit = step - chunk.before(word);
  buffer.resize(size);
  for (std::size_t unit = 0; unit < size; ++unit) {
    int count = 0;
    for (int plane = 0; plane < spikes.planes; ++plane) {
      const auto fired = static_cast<int>(
          spikes.masks[plane * spikes.planeStride + static_cast<std::int64_t>(unit)] >> bit & 1U);
      count += plane < spikes.positive ? fired : -fired;
    }
    buffer[unit] = static_cast<Real>(count);
  }
  return buffer.data();
}

template <class Real>
void Executor<Real>::remember(const Chunk& chunk, std::size_t rows) {
  for (std::size_t i = 0; i < plan_.operations.size(); ++i) {
    const auto& sources = plan_.operations[i].sources;
    for (std::size_t s = 0; s < sources.size(); ++s) {
      if (sources[s].delay == 0) continue;
      const std::size_t size = sizeOf(sources[s].value);
      const auto delay = static_cast<std::size_t>(sources[s].delay);
      for (std::size_t row = 0; row < rows; ++row) {
        for (int step = 0; step < chunk.total; ++step) {
          const Real* from = realsAt(sources[s].value, row, chunk, step, scratch_[0].step);
          const std::size_t slot = static_cast<std::size_t>(chunk.first + step) % delay;
          std::copy_n(from, size, workspace_.history(i, s).data() + (row * delay + slot) * size);
        }
      }
    }
  }
}

template class Executor<float>;
template class Executor<double>;

}  // namespace spiq
