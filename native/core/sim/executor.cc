#include "core/sim/executor.h"

#include <algorithm>

#include "core/sim/places.h"

namespace spiq {

namespace {

// Cells of one task: what a kernel projects at once.
constexpr std::int64_t kProjectedCells = 6;
// Below so many values an operation is done before another thread has woken.
constexpr std::size_t kWorthSplitting = 4096;
// Units of one task that moves values.
constexpr std::size_t kMovedUnits = 1024;

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
  if (operation.template as<NeuronOp<Real>>() == nullptr) return kProjectedCells;
  // Spikes take so much longer that threads would wait for the last of larger tasks.
  return std::max<std::int64_t>(kTileUnits / layout.stride, 1);
}

template <class Real>
std::size_t Executor<Real>::tasks(std::size_t operation, std::size_t rows) const {
  const Operation<Real>& op = plan_.operations[operation];
  if (const auto* taken = op.template as<GatherOp>()) {
    if (reorders(op, *taken)) return rows * portionsOf(plan_.layoutOf(op.to));
    return rows * ((taken->units.size() + kMovedUnits - 1) / kMovedUnits);
  }
  if (op.template as<ReluOp<Real>>() != nullptr) {
    const std::size_t each = rectifiedTogether(op);
    return (rows * sizeOf(op.to) + each - 1) / each;
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
  if (const auto* relu = op.template as<ReluOp<Real>>()) return rectify(op, *relu, rows, task);
  for (std::size_t row = 0; row < rows; ++row) {
    if (done[row]) continue;
    if (const auto* pooled = op.template as<PoolOp<Real>>()) {
      pooled->gated ? gate(operation, *pooled, chunk, row)
                    : pool(operation, *pooled, scratch, chunk, row);
    } else {
      add(operation, scratch, chunk, row);
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
