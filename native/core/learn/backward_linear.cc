#include <algorithm>

#include "core/learn/backward.h"
#include "core/learn/split.h"

// Gradients of weights, biases and inputs of linear layers.

namespace spiq {

template <class Real>
void Backward<Real>::linear(std::size_t index, const LinearData<Real>& data) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const std::size_t items = flow_.rows() * static_cast<std::size_t>(flow_.stepsOf(operation.to));
  const LinearView<Real> view = data.view();
  const std::size_t work =
      items * static_cast<std::size_t>(data.out().positions) * data.weights().size();
  if (Real* gradient = trained_.weightGradient(index)) {
    spread(operation);
    splitWork(*control_, static_cast<std::size_t>(data.out().tiles() * view.taps), work,
              [&](std::size_t part) { weights(index, data, part); });
    clearBetweenGroups(data, gradient);
  }
  if (trained_.biasGradient(index) != nullptr) biases(index, data);
  if (!flow_.reaches(source)) return;
  flow_.adding(source);
  splitWork(*control_, items, work, [&](std::size_t item) { inputs(index, data, item); });
}

// The inputs of all items side by side.
template <class Real>
void Backward<Real>::spread(const Operation<Real>& operation) {
  const std::size_t source = operation.sources.front().value;
  const std::size_t size = sizeOf(source);
  const auto steps = static_cast<std::size_t>(flow_.stepsOf(operation.to));
  counted_.resize(flow_.rows() * steps * size);
  splitWork(*control_, steps, counted_.size(), [&](std::size_t step) {
    std::vector<Real> buffer;
    for (std::size_t row = 0; row < flow_.rows(); ++row) {
      std::copy_n(realsAt(source, row, static_cast<int>(step), buffer), size,
                  counted_.data() + (step * flow_.rows() + row) * size);
    }
  });
}

template <class Real>
void Backward<Real>::weights(std::size_t index, const LinearData<Real>& data, std::size_t part) {
  const Operation<Real>& operation = plan_.operations[index];
  const LinearView<Real> view = data.view();
  const auto tile = static_cast<std::int64_t>(part) / view.taps;
  const std::int64_t tap = static_cast<std::int64_t>(part) % view.taps;
  const std::int64_t width = view.tileWidth(tile);
  const ChannelRange& range = view.ranges[tile];
  const std::int64_t rows = view.alone ? 1 : range.count();
  Real* into =
      trained_.weightGradient(index) + (view.tileWeights(tile) - view.weights) + tap * rows * width;
  std::fill_n(into, rows * width, Real{0});
  const std::size_t items = flow_.rows() * static_cast<std::size_t>(flow_.stepsOf(operation.to));
  const Real* gradients = flow_.of(operation.to);
  for (std::size_t item = 0; item < items; ++item) {
    const Real* input = counted_.data() + item * sizeOf(operation.sources.front().value);
    for (std::int64_t position = 0; position < data.out().positions; ++position) {
      const std::int64_t from = data.sources(position)[tap];
      if (from < 0) continue;
      const Real* gradient =
          gradients + item * sizeOf(operation.to) +
          static_cast<std::size_t>(position * view.outPadded + tile * kTileUnits);
      const Real* channels =
          input + from * view.inPadded + (view.alone ? tile * kTileUnits : range.first);
      if (view.alone) {
        const std::int64_t left = std::min(width, view.channels - tile * kTileUnits);
        for (std::int64_t unit = 0; unit < left; ++unit)
          into[unit] += channels[unit] * gradient[unit];
        continue;
      }
      for (std::int64_t channel = 0; channel < rows; ++channel) {
        if (channels[channel] == Real{0}) continue;
        Real* row = into + channel * width;
        for (std::int64_t unit = 0; unit < width; ++unit)
          row[unit] += channels[channel] * gradient[unit];
      }
    }
  }
}

template <class Real>
void Backward<Real>::biases(std::size_t index, const LinearData<Real>& data) {
  const Operation<Real>& operation = plan_.operations[index];
  const auto stride = static_cast<std::size_t>(data.out().stride);
  Real* into = trained_.biasGradient(index);
  std::fill_n(into, stride, Real{0});
  const Real* gradient = flow_.of(operation.to);
  const Real* end = gradient + flow_.sizeOf(operation.to);
  for (; gradient != end; gradient += stride) {
    for (std::size_t unit = 0; unit < stride; ++unit) into[unit] += gradient[unit];
  }
}

template <class Real>
void Backward<Real>::inputs(std::size_t index, const LinearData<Real>& data, std::size_t item) {
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const LinearView<Real> view = data.view();
  Real* into = flow_.of(source) + item * sizeOf(source);
  for (std::int64_t position = 0; position < data.out().positions; ++position) {
    for (std::int64_t tile = 0; tile < data.out().tiles(); ++tile) {
      const std::int64_t width = view.tileWidth(tile);
      const ChannelRange& range = view.ranges[tile];
      const std::int64_t rows = view.alone ? 1 : range.count();
      const Real* gradient =
          flow_.of(operation.to) + item * sizeOf(operation.to) +
          static_cast<std::size_t>(position * view.outPadded + tile * kTileUnits);
      for (std::int64_t tap = 0; tap < view.taps; ++tap) {
        const std::int64_t from = data.sources(position)[tap];
        if (from < 0) continue;
        const Real* row = view.tileWeights(tile) + tap * rows * width;
        Real* channels =
            into + from * view.inPadded + (view.alone ? tile * kTileUnits : range.first);
        if (view.alone) {
          const std::int64_t left = std::min(width, view.channels - tile * kTileUnits);
          for (std::int64_t unit = 0; unit < left; ++unit)
            channels[unit] += row[unit] * gradient[unit];
          continue;
        }
        for (std::int64_t channel = 0; channel < rows; ++channel, row += width) {
          Real sum{0};
          for (std::int64_t unit = 0; unit < width; ++unit) sum += row[unit] * gradient[unit];
          channels[channel] += sum;
        }
      }
    }
  }
}

// Weights of zero there are none of the network's.
template <class Real>
void Backward<Real>::clearBetweenGroups(const LinearData<Real>& data, Real* gradient) {
  const LinearView<Real> view = data.view();
  if (data.groups() == 1 || view.alone) return;
  const std::int64_t eachIn = view.channels / data.groups();
  for (std::int64_t tile = 0; tile < data.out().tiles(); ++tile) {
    const ChannelRange& range = view.ranges[tile];
    Real* row = gradient + (view.tileWeights(tile) - view.weights);
    const std::int64_t width = view.tileWidth(tile);
    for (std::int64_t i = 0; i < view.taps * range.count(); ++i, row += width) {
      const std::int64_t group = (range.first + i % range.count()) / eachIn;
      for (std::int64_t unit = 0; unit < width; ++unit) {
        if ((tile * kTileUnits + unit) / data.channelFanOut() != group) row[unit] = Real{0};
      }
    }
  }
}

template void Backward<float>::linear(std::size_t, const LinearData<float>&);
template void Backward<double>::linear(std::size_t, const LinearData<double>&);

}  // namespace spiq
