#include "core/learn/backward.h"

#include <algorithm>

namespace spiq {

namespace {

template <class Real>
std::vector<bool> changed(const Plan<Real>& plan, const Trained<Real>& trained) {
  std::vector<bool> all(plan.operations.size());
  for (std::size_t i = 0; i < all.size(); ++i) all[i] = trained.changes(i);
  return all;
}

template <class Real>
bool permutes(const Plan<Real>& plan, const Operation<Real>& operation, const GatherOp& taken) {
  const Layout& from = plan.layoutOf(operation.sources.front().value);
  std::vector<bool> seen(static_cast<std::size_t>(from.size()));
  for (const auto& unit : taken.units) seen[unit.index] = true;
  return operation.sources.size() == 1 &&
         taken.units.size() == static_cast<std::size_t>(from.units()) &&
         std::count(seen.begin(), seen.end(), true) == from.units();
}

}  // namespace

template <class Real>
Backward<Real>::Backward(const Plan<Real>& plan, const TrainingOptions& options,
                         Trained<Real>& trained, Unrolled<Real>& forward)
    : plan_(plan),
      options_(options),
      trained_(trained),
      forward_(forward),
      flow_(plan, changed(plan, trained)),
      neuronIndex_(plan.operations.size()),
      transposed_(plan.operations.size()),
      whole_(plan.operations.size()),
      permutes_(plan.values.size()),
      biased_(plan.values.size()),
      stepSums_(plan.values.size()) {
  for (std::size_t n = 0; n < plan.neurons.size(); ++n) neuronIndex_[plan.neurons[n]] = n;
  for (std::size_t i = 0; i < plan.operations.size(); ++i) {
    if (const auto* taken = plan.operations[i].template as<GatherOp>())
      permutes_[plan.operations[i].to] = permutes(plan, plan.operations[i], *taken);
    const auto* data = plan.operations[i].template as<LinearData<Real>>();
    if (data == nullptr) continue;
    whole_[i] = std::all_of(data->taps().begin(), data->taps().end(),
                            [](std::int32_t source) { return source >= 0; });
    biased_[plan.operations[i].to] = trained.biasGradient(i) != nullptr;
  }
}

template <class Real>
void Backward<Real>::weightsChanged() {
  for (Transposed& transposed : transposed_) transposed.stale = true;
}

template <class Real>
Status Backward<Real>::run(View<const Real> outputs, bool postpones, Control& control) {
  control_ = &control;
  postpones_ = postpones;
  pieces_.clear();
  flow_.start(forward_.rows(), forward_.steps());
  begin(outputs);
  for (std::size_t i = plan_.operations.size(); i-- > 0;) {
    if (!flow_.passes(i)) continue;
    if (Status status = control.cancelledStatus(); !status.ok()) return status;
    const Operation<Real>& operation = plan_.operations[i];
    if (const auto* data = operation.template as<LinearData<Real>>()) linear(i, *data);
    if (const auto* neuron = operation.template as<NeuronOp<Real>>()) neurons(i, *neuron);
    if (const auto* taken = operation.template as<GatherOp>()) gather(operation, *taken);
    if (const auto* rectified = operation.template as<ReluOp<Real>>()) relu(operation, *rectified);
    if (operation.template as<AddOp>() != nullptr) add(operation);
    const auto* pooled = operation.template as<PoolOp<Real>>();
    if (pooled != nullptr && pooled->gated) gated(i, *pooled);
    if (pooled != nullptr && !pooled->gated)
      pooled->mode == PoolMode::Max ? maximum(operation, *pooled) : pool(operation, *pooled);
  }
  trained_.collect();
  return {};
}

// Of an output that never fires these are gradients of its potentials, step by step.
template <class Real>
void Backward<Real>::begin(View<const Real> outputs) {
  const Layout& layout = plan_.layoutOf(plan_.output);
  const auto width = static_cast<std::size_t>(layout.units());
  Real* into = flow_.adding(plan_.output);
  for (std::size_t row = 0; row < flow_.rows(); ++row) {
    const Real* gradient = &outputs[row * width];
    if (!options_.simulation) {
      for (std::size_t unit = 0; unit < width; ++unit)
        into[row * sizeOf(plan_.output) +
             static_cast<std::size_t>(layout.at(static_cast<std::int64_t>(unit)))] = gradient[unit];
    } else if (outputFires(options_.spiking()->decoding)) {
      beginSpikes(row, gradient);
    } else {
      beginPotentials(row, gradient);
    }
  }
}

template <class Real>
void Backward<Real>::beginSpikes(std::size_t row, const Real* gradient) {
  const Layout& layout = plan_.layoutOf(plan_.output);
  const bool first = options_.spiking()->decoding == Decoding::FirstSpike;
  const int from = first ? forward_.end(row) : 0;
  if (from < 0) return;
  const int last = first ? from + 1 : flow_.stepsOf(plan_.output);
  for (int step = from; step < last; ++step) {
    Real* into = flow_.of(plan_.output) +
                 static_cast<std::size_t>(step) * flow_.perStep(plan_.output) +
                 row * sizeOf(plan_.output);
    for (std::int64_t unit = 0; unit < layout.units(); ++unit)
      into[layout.at(unit)] += gradient[unit];
  }
}

template <class Real>
int Backward<Real>::firstMaximum(std::size_t row, std::size_t unit) {
  const std::size_t size = sizeOf(plan_.output);
  const std::size_t stride = forward_.workspace().rows() * size;
  const Real* tested =
      forward_.workspace().state(plan_.outputNeuron).tested.data() + row * size + unit;
  std::size_t best = 0;
  for (std::size_t step = 1; step < static_cast<std::size_t>(forward_.steps()); ++step) {
    if (tested[step * stride] > tested[best * stride]) best = step;
  }
  return static_cast<int>(best);
}

template <class Real>
void Backward<Real>::beginPotentials(std::size_t row, const Real* gradient) {
  const Layout& layout = plan_.layoutOf(plan_.output);
  const int steps = flow_.stepsOf(plan_.output);
  const Decoding decoding = options_.spiking()->decoding;
  const bool mean = decoding == Decoding::MeanPotential;
  const Real share = mean ? Real{1} / static_cast<Real>(steps) : Real{1};
  for (std::int64_t unit = 0; unit < layout.units(); ++unit) {
    const auto at = static_cast<std::size_t>(layout.at(unit));
    int first = mean ? 0 : steps - 1;
    if (decoding == Decoding::MaxPotential) first = firstMaximum(row, at);
    for (int step = first; step < (mean ? steps : first + 1); ++step) {
      flow_.of(plan_.output)[static_cast<std::size_t>(step) * flow_.perStep(plan_.output) +
                             row * sizeOf(plan_.output) + at] += share * gradient[unit];
    }
  }
}

template <class Real>
const Real* Backward<Real>::realsAt(std::size_t value, std::size_t row, int step,
                                    std::vector<Real>& buffer) {
  Workspace<Real>& workspace = forward_.workspace();
  const std::size_t size = sizeOf(value);
  if (plan_.values[value].form == Form::Constant) return workspace.reals(value, row);
  if (plan_.values[value].form == Form::Series)
    return workspace.reals(value, row) + static_cast<std::size_t>(step) * size;
  const Chunk& chunk = forward_.chunk();
  const int word = chunk.wordOf(step);
  const int bit = step - chunk.before(word);
  const WordView spikes = workspace.spikes(value, row, word);
  buffer.assign(size, Real{0});
  for (int plane = 0; plane < spikes.planes; ++plane) {
    const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
    const Real one = plane < spikes.positive ? Real{1} : Real{-1};
    for (std::size_t unit = 0; unit < size; ++unit)
      buffer[unit] += static_cast<Real>(masks[unit] >> bit & 1U) * one;
  }
  return buffer.data();
}

template class Backward<float>;
template class Backward<double>;

}  // namespace spiq
