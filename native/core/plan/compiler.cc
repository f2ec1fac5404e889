#include "core/plan/compiler.h"

#include <algorithm>

#include "core/plan/gather.h"
#include "core/plan/neuron_options.h"

namespace spiq {

namespace {

std::int64_t tapsOf(const Node& node) {
  const Tensor* weight = nullptr;
  if (const auto* conv = node.as<ConvNode>()) weight = &conv->weight;
  if (const auto* conv = node.as<ConvTransposeNode>()) weight = &conv->weight;
  std::int64_t taps = 1;
  if (weight == nullptr) return taps;
  for (std::size_t d = 2; d < weight->shape.size(); ++d) taps *= weight->shape[d];
  return taps;
}

// [stride], 0 for padding.
template <class Real>
AlignedVector<Real> perChannel(const Tensor& values, const Layout& layout) {
  AlignedVector<Real> all(static_cast<std::size_t>(layout.stride), Real{0});
  std::copy(values.data.begin(), values.data.end(), all.begin());
  return all;
}

}  // namespace

template <class Real>
Result<Plan<Real>> Compiler<Real>::compile() {
  valueOf_.resize(order_.places.size());
  for (std::size_t i = 0; i < order_.places.size(); ++i) {
    const Node& node = *order_.places[i].node;
    if (Status status = checkSize(Layout(shapeOf(i)), tapsOf(node), node); !status.ok())
      return status;
    if (Status status = place(i); !status.ok()) return status;
  }
  // Delayed sources come later in the order than what they lead to.
  for (std::size_t i = 0; i < order_.places.size(); ++i) {
    for (const auto& source : order_.places[i].sources) {
      if (source.delay == 0) continue;
      plan_.minDelay = plan_.minDelay == 0 ? source.delay : std::min(plan_.minDelay, source.delay);
      for (auto& operation : plan_.operations) {
        if (operation.to == valueOf_[i] && operation.template as<AddOp>() != nullptr)
          operation.sources = sourcesOf(i);
      }
    }
  }
  plan_.output = valueOf_[order_.output];
  if (order_.places[order_.output].node->as<ReluNode>() == nullptr)
    plan_.activations.push_back(plan_.output);
  if (!plan_.hasWeights && plan_.neurons.empty())
    return mismatch(Code::Graph, "network", "at least one layer with weights", "none");
  fuse();
  tighten();
  return std::move(plan_);
}

template <class Real>
Status Compiler<Real>::place(std::size_t index) {
  const Node& node = *order_.places[index].node;
  if (node.as<InputNode>() != nullptr) {
    input(index);
  } else if (node.as<AddNode>() != nullptr) {
    add(index);
  } else if (const auto* body = node.as<PoolNode>()) {
    return pool(index, *body);
  } else if (const auto* body = node.as<ReluNode>()) {
    return relu(index, *body);
  } else if (node.as<NeuronNode>() != nullptr || node.as<AccumulatorNode>() != nullptr) {
    return neuron(index);
  } else if (const auto* body = node.as<ScaleNode>()) {
    scale(index, *body);
  } else if (const auto* body = node.as<BatchNormNode>()) {
    scale(index, scaleOf(*body));
  } else if (node.as<DenseNode>() != nullptr || node.as<ConvNode>() != nullptr ||
             node.as<ConvTransposeNode>() != nullptr) {
    return linear(index);
  } else {
    rearrange(index);
  }
  return {};
}

template <class Real>
void Compiler<Real>::input(std::size_t index) {
  const Layout layout(shapeOf(index));
  const bool encoded = options_ != nullptr && options_->encoding != Encoding::Constant;
  const Value given{
      encoded ? Form::Spikes : Form::Constant, Layout(1, layout.units()), {encoded ? 1 : 0, 0}};
  plan_.input = plan_.values.size();
  plan_.values.push_back(given);
  valueOf_[index] = plan_.input;
  if (given.layout == layout) return;
  plan_.operations.push_back(
      {fromUserOrder(layout), {{plan_.input, 0}}, plan_.values.size(), false, {}});
  valueOf_[index] = plan_.values.size();
  plan_.values.push_back({given.form, layout, given.range});
}

// Padding an image of a few channels would make several times as much of it.
template <class Real>
void Compiler<Real>::tighten() {
  for (auto& operation : plan_.operations) {
    auto* taken = std::get_if<GatherOp>(&operation.body);
    if (taken == nullptr || !taken->fromUserOrder) continue;
    Value& value = plan_.values[operation.to];
    std::vector<LinearData<Real>*> readers;
    bool others = value.form != Form::Constant || operation.to == plan_.output;
    for (auto& reader : plan_.operations) {
      for (const Source& source : reader.sources) {
        if (source.value != operation.to) continue;
        readers.push_back(std::get_if<LinearData<Real>>(&reader.body));
        others |= readers.back() == nullptr || !readers.back()->canTighten();
      }
    }
    if (others) continue;
    value.layout.stride = value.layout.channels;
    taken->units.clear();
    for (LinearData<Real>* reader : readers) reader->tightenInput();
  }
}

template <class Real>
Status Compiler<Real>::linear(std::size_t index) {
  const Node& node = *order_.places[index].node;
  const Form form = sourceOf(index).form == Form::Constant ? Form::Constant : Form::Series;
  const Shape& in = shapeOfSource(index);
  const auto data = [&]() -> LinearData<Real> {
    if (const auto* dense = node.as<DenseNode>()) return LinearData<Real>(*dense);
    if (const auto* conv = node.as<ConvNode>()) return LinearData<Real>(*conv, in, shapeOf(index));
    return LinearData<Real>(*node.as<ConvTransposeNode>(), in, shapeOf(index));
  };
  make(index, data(), {form, Layout(shapeOf(index)), {}});
  plan_.hasWeights = true;
  return {};
}

template <class Real>
Status Compiler<Real>::neuron(std::size_t index) {
  const Node& node = *order_.places[index].node;
  if (options_ == nullptr) {
    return mismatch(Code::Unsupported, "float forward pass", "a float network",
                    "a spiking one (" + node.label() + "); use a simulator for it");
  }
  const Layout layout(shapeOf(index));
  auto op = neuronOp<Real>(node, layout, index == order_.output, *options_, epsilon_);
  if (!op.ok()) return op.status();
  const NeuronParams<Real>& params = op.value().params;
  const SpikeRange range{params.burst, params.ternary ? params.burst : 0};
  if (index == order_.output) plan_.outputNeuron = plan_.neurons.size();
  plan_.neurons.push_back(plan_.operations.size());
  make(index, op.take(), {Form::Spikes, layout, range});
  return {};
}

template <class Real>
void Compiler<Real>::scale(std::size_t index, const ScaleNode& node) {
  const Form form = sourceOf(index).form == Form::Constant ? Form::Constant : Form::Series;
  const Shape& shape = shapeOf(index);
  make(index, LinearData<Real>(node, shape), {form, Layout(shape), {}});
}

template <class Real>
Status Compiler<Real>::relu(std::size_t index, const ReluNode& node) {
  if (options_ != nullptr) {
    return mismatch(Code::Unsupported, order_.places[index].node->label(),
                    "neurons in its place in a spiking network", "a ReLU");
  }
  const Value value = sourceOf(index);
  ReluOp<Real> op;
  if (node.slopes) op.slopes = perChannel<Real>(*node.slopes, value.layout);
  if (node.slope != 0)
    op.slopes.assign(static_cast<std::size_t>(value.layout.stride), static_cast<Real>(node.slope));
  if (node.cap) op.cap = static_cast<Real>(*node.cap);
  make(index, std::move(op), value);
  plan_.activations.push_back(valueOf_[index]);
  return {};
}

template <class Real>
void Compiler<Real>::make(std::size_t index, Body<Real> body, Value value) {
  valueOf_[index] = plan_.values.size();
  plan_.values.push_back(std::move(value));
  std::vector<Source> sources;
  for (const auto& source : order_.places[index].sources) {
    if (source.delay == 0) sources.push_back({valueOf_[source.place], 0});
  }
  plan_.operations.push_back({std::move(body), std::move(sources), valueOf_[index], false,
                              order_.places[index].node->name});
}

template <class Real>
auto Compiler<Real>::sourcesOf(std::size_t index) const -> std::vector<Source> {
  std::vector<Source> sources;
  for (const auto& source : order_.places[index].sources)
    sources.push_back({valueOf_[source.place], source.delay});
  return sources;
}

template <class Real>
const Value& Compiler<Real>::sourceOf(std::size_t index) const {
  return plan_.values[valueOf_[order_.places[index].sources.front().place]];
}

// Sums of a linear layer that nothing but the neurons behind it reads need no memory of their own.
template <class Real>
void Compiler<Real>::fuse() {
  std::vector<int> readers(plan_.values.size());
  for (const auto& operation : plan_.operations) {
    for (const Source& source : operation.sources) ++readers[source.value];
  }
  for (const std::size_t index : plan_.neurons) {
    const std::size_t source = plan_.operations[index].sources.front().value;
    for (auto& operation : plan_.operations) {
      if (operation.to != source || operation.template as<LinearData<Real>>() == nullptr) continue;
      operation.fused = readers[source] == 1 &&
                        plan_.values[operation.sources.front().value].form == Form::Spikes;
    }
  }
}

template class Compiler<float>;
template class Compiler<double>;

}  // namespace spiq
