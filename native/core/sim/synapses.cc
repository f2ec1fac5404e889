#include "core/sim/synapses.h"

namespace spiq {

template <class Real>
Synapses<Real>::Synapses(const Plan<Real>& plan, const SimulationOptions& options) : plan_(plan) {
  for (const auto& operation : plan.operations) {
    const auto* linear = operation.template as<LinearData<Real>>();
    if (linear == nullptr || linear->scales()) continue;
    Layer layer{&operation, {}, 0, 0};
    layer.fanOut.resize(static_cast<std::size_t>(linear->in().positions));
    for (std::int64_t position = 0; position < linear->out().positions; ++position) {
      const std::int32_t* sources = linear->sources(position);
      for (std::int64_t tap = 0; tap < linear->view().taps; ++tap) {
        if (sources[tap] < 0) continue;
        layer.fanOut[static_cast<std::size_t>(sources[tap])] += linear->channelFanOut();
      }
    }
    for (const std::int64_t fanOut : layer.fanOut)
      layer.connections += fanOut * linear->in().channels;
    layer.ofFloat = static_cast<double>(layer.connections);
    if (options.twoInputNeurons && operation.sources.front().value == plan.input) {
      const std::int64_t split = (plan.inputs() - (options.biasAsObservation ? 1 : 0)) / 2;
      layer.ofFloat -= static_cast<double>(split * linear->out().units());
    }
    layers_.push_back(std::move(layer));
  }
}

template <class Real>
Operations Synapses<Real>::start(std::size_t rows) const {
  Operations operations;
  for (const Layer& layer : layers_) {
    operations.layers.push_back(
        {layer.operation->name, std::vector<double>(rows), std::vector<double>(rows)});
    operations.floatMultiplyAccumulates += layer.ofFloat;
  }
  return operations;
}

template <class Real>
double Synapses<Real>::spikesTimesFanOut(Workspace<Real>& workspace, const Layer& layer,
                                         std::size_t row, const Chunk& chunk, int used) const {
  const std::size_t source = layer.operation->sources.front().value;
  const Layout& layout = plan_.layoutOf(source);
  std::int64_t sum = 0;
  for (int word = 0; word < chunk.words; ++word) {
    const WordView spikes = workspace.spikes(source, row, word);
    const std::uint32_t bits = chunk.usedBits(word, used);
    for (int plane = 0; plane < spikes.planes; ++plane) {
      const std::uint32_t* masks = spikes.masks + plane * spikes.planeStride;
      for (std::int64_t position = 0; position < layout.positions; ++position) {
        std::int64_t fired = 0;
        for (std::int64_t channel = 0; channel < layout.channels; ++channel)
          fired += __builtin_popcount(masks[position * layout.stride + channel] & bits);
        sum += fired * layer.fanOut[static_cast<std::size_t>(position)];
      }
    }
  }
  return static_cast<double>(sum);
}

template <class Real>
void Synapses<Real>::count(Workspace<Real>& workspace, std::size_t row, std::size_t at,
                           const Chunk& chunk, int used, bool begins,
                           Operations& operations) const {
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = layers_[i];
    LayerOperations& done = operations.layers[i];
    switch (plan_.values[layer.operation->sources.front().value].form) {
      case Form::Spikes:
        done.accumulates[at] += spikesTimesFanOut(workspace, layer, row, chunk, used);
        break;
      case Form::Constant:
        if (begins) done.multiplyAccumulates[at] += static_cast<double>(layer.connections);
        break;
      case Form::Series:
        done.multiplyAccumulates[at] += static_cast<double>(layer.connections) * used;
        break;
    }
  }
}

template class Synapses<float>;
template class Synapses<double>;

}  // namespace spiq
