#include "core/sim/executor.h"

#include <algorithm>

namespace spiq {

namespace {

// Positions of one task: as many as a kernel projects at once.
constexpr std::int64_t kTaskPositions = 6;

}  // namespace

template <class Real>
Executor<Real>::Executor(const Plan<Real>& plan, const Backend<Real>& backend,
                         Workspace<Real>& workspace, std::size_t threads)
    : plan_(plan), backend_(backend), workspace_(workspace), scratch_(threads) {
  for (Scratch& scratch : scratch_)
    scratch.sums.resize(static_cast<std::size_t>(kWordSteps * kTileUnits));
}

template <class Real>
bool Executor<Real>::idles(std::size_t operation, bool constants) const {
  const Operation<Real>& op = plan_.operations[operation];
  return op.fused || (plan_.values[op.to].form == Form::Constant) != constants;
}

template <class Real>
std::size_t Executor<Real>::tasks(std::size_t operation) const {
  const Operation<Real>& op = plan_.operations[operation];
  if (op.template as<LinearData<Real>>() == nullptr && op.template as<NeuronOp<Real>>() == nullptr)
    return 1;
  const Layout& layout = plan_.layoutOf(op.to);
  return static_cast<std::size_t>(layout.tiles() *
                                  ((layout.positions + kTaskPositions - 1) / kTaskPositions));
}

template <class Real>
auto Executor<Real>::taskOf(const Layout& layout, std::size_t task) const -> Task {
  const std::int64_t blocks = (layout.positions + kTaskPositions - 1) / kTaskPositions;
  const auto index = static_cast<std::int64_t>(task);
  const std::int64_t first = index % blocks * kTaskPositions;
  return {index / blocks, first, std::min(first + kTaskPositions, layout.positions)};
}

template <class Real>
std::size_t Executor<Real>::neuronIndex(std::size_t operation) const {
  const auto found = std::find(plan_.neurons.begin(), plan_.neurons.end(), operation);
  return static_cast<std::size_t>(found - plan_.neurons.begin());
}

template <class Real>
void Executor<Real>::run(std::size_t operation, std::size_t task, std::size_t thread,
                         const Chunk& chunk, std::size_t rows, const std::vector<bool>& done) {
  const Operation<Real>& op = plan_.operations[operation];
  Scratch& scratch = scratch_[thread];
  const auto* linear = op.template as<LinearData<Real>>();
  const Task part = taskOf(plan_.layoutOf(op.to), task);
  const bool spikes = plan_.values[op.sources.front().value].form == Form::Spikes;
  if (linear != nullptr && !spikes)
    return project(op, *linear, part, scratch, chunk, rows);
  for (std::size_t row = 0; row < rows; ++row) {
    if (done[row]) continue;
    if (linear != nullptr) {
      sumSpikes(op, *linear, part, scratch, chunk, row);
    } else if (const auto* neuron = op.template as<NeuronOp<Real>>()) {
      fire(operation, *neuron, part, scratch, chunk, row);
    } else if (const auto* taken = op.template as<GatherOp>()) {
      gather(op, *taken, scratch, chunk, row);
    } else if (const auto* pooled = op.template as<PoolOp<Real>>()) {
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
void Executor<Real>::project(const Operation<Real>& operation, const LinearData<Real>& linear,
                             const Task& task, Scratch& scratch, const Chunk& chunk,
                             std::size_t rows) {
  const std::size_t source = operation.sources.front().value;
  const std::size_t in = sizeOf(source);
  const std::size_t out = sizeOf(operation.to);
  const int steps = stepsOf(operation.to, chunk);
  const bool constant = plan_.values[source].form == Form::Constant;
  scratch.columns.clear();
  for (std::size_t row = 0; row < rows; ++row) {
    const Real* from = workspace_.reals(source, row);
    Real* to = workspace_.reals(operation.to, row);
    for (int step = 0; step < steps; ++step) {
      for (std::int64_t position = task.first; position < task.last; ++position) {
        const auto t = static_cast<std::size_t>(step);
        scratch.columns.push_back({from + (constant ? 0 : t * in), linear.sources(position),
                                   to + t * out + position * linear.out().stride});
      }
    }
  }
  backend_.project(linear.view(), task.tile, scratch.columns.data(), scratch.columns.size());
}

template <class Real>
void Executor<Real>::sumSpikes(const Operation<Real>& operation, const LinearData<Real>& linear,
                               const Task& task, Scratch& scratch, const Chunk& chunk,
                               std::size_t row) {
  const std::size_t source = operation.sources.front().value;
  const std::size_t out = sizeOf(operation.to);
  const std::int64_t width = linear.view().tileWidth(task.tile);
  for (std::int64_t position = task.first; position < task.last; ++position) {
    const std::int64_t at = position * linear.out().stride + task.tile * kTileUnits;
    for (int word = 0; word < chunk.words; ++word) {
      backend_.accumulate(linear.view(), task.tile, linear.sources(position),
                          workspace_.spikes(source, row, word), chunk.stepsOf(word),
                          scratch.sums.data());
      for (int step = 0; step < chunk.stepsOf(word); ++step) {
        Real* to = workspace_.reals(operation.to, row) +
                   static_cast<std::size_t>(chunk.before(word) + step) * out + at;
        const Real* sums = scratch.sums.data() + step * width;
        for (std::int64_t unit = 0; unit < width; ++unit)
          to[unit] = sums[unit] + linear.bias()[task.tile * kTileUnits + unit];
      }
    }
  }
}

template <class Real>
void Executor<Real>::fire(std::size_t operation, const NeuronOp<Real>& neuron, const Task& task,
                          Scratch& scratch, const Chunk& chunk, std::size_t row) {
  const Operation<Real>& op = plan_.operations[operation];
  const Layout& layout = plan_.layoutOf(op.to);
  const std::size_t source = op.sources.front().value;
  const std::size_t index = neuronIndex(operation);
  typename Workspace<Real>::State& state = workspace_.state(index);
  const std::int64_t first = task.tile * kTileUnits;
  const std::int64_t width = std::min(kTileUnits, layout.stride - first);
  const Operation<Real>* driver = nullptr;
  for (const auto& candidate : plan_.operations) {
    if (candidate.fused && candidate.to == source) driver = &candidate;
  }
  const LinearData<Real>* linear =
      driver == nullptr ? nullptr : driver->template as<LinearData<Real>>();
  const SpikeRange range = workspace_.range(op.to);
  const Form form = plan_.values[source].form;
  for (std::int64_t position = task.first; position < task.last; ++position) {
    const auto unit = static_cast<std::size_t>(position * layout.stride + first);
    const std::size_t at = row * sizeOf(op.to) + unit;
    for (int word = 0; word < chunk.words; ++word) {
      const UnitsView<Real> units{width,
                                  neuron.thresholds.data() + first,
                                  (linear == nullptr ? neuron.noBias.data() : linear->bias()) +
                                      first,
                                  state.current.data() + at,
                                  state.potential.data() + at,
                                  state.waiting.data() + at,
                                  workspace_.masks(op.to, row, word) + unit,
                                  layout.size(),
                                  range.positive,
                                  range.planes()};
      const int before = chunk.before(word);
      if (linear != nullptr) {
        backend_.accumulate(linear->view(), task.tile, linear->sources(position),
                            workspace_.spikes(driver->sources.front().value, row, word),
                            chunk.stepsOf(word), scratch.sums.data());
        update(index, neuron, units, at, scratch.sums.data(), width, chunk, word);
      } else if (form == Form::Spikes) {
        for (int step = 0; step < chunk.stepsOf(word); ++step) {
          const Real* reals = realsAt(source, row, chunk, before + step, scratch.step);
          std::copy_n(reals + unit, width, scratch.sums.data() + step * width);
        }
        update(index, neuron, units, at, scratch.sums.data(), width, chunk, word);
      } else {
        const auto stride = form == Form::Constant ? 0 : layout.size();
        const Real* input = workspace_.reals(source, row) + before * stride + unit;
        update(index, neuron, units, at, input, stride, chunk, word);
      }
    }
  }
}

template <class Real>
void Executor<Real>::update(std::size_t index, const NeuronOp<Real>& neuron,
                            const UnitsView<Real>& units, std::size_t at, const Real* input,
                            std::int64_t stride, const Chunk& chunk, int word) {
  typename Workspace<Real>::State& state = workspace_.state(index);
  if (state.potentials.empty()) {
    backend_.update(neuron.params, units, input, stride, 0, chunk.stepsOf(word));
    return;
  }
  const std::size_t size = sizeOf(plan_.operations[plan_.neurons[index]].to);
  for (int step = 0; step < chunk.stepsOf(word); ++step) {
    backend_.update(neuron.params, units, input + step * stride, stride, step, 1);
    const std::size_t to = (at / size * static_cast<std::size_t>(workspace_.chunkSteps()) +
                            static_cast<std::size_t>(chunk.before(word) + step)) *
                               size +
                           at % size;
    std::copy_n(units.potential, units.width, state.potentials.data() + to);
    if (!state.currents.empty())
      std::copy_n(units.current, units.width, state.currents.data() + to);
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
          spikes.masks[static_cast<std::size_t>(plane) * size + unit] >> bit & 1U);
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
