#include <algorithm>

#include "core/plan/compiler.h"
#include "core/plan/gather.h"
#include "core/plan/taps.h"

// The operations that move, join or pool values.

namespace spiq {

template <class Real>
void Compiler<Real>::rearrange(std::size_t index) {
  const Node& node = *order_.places[index].node;
  std::vector<Layout> layouts;
  Value value = sourceOf(index);
  for (const Source& source : sourcesOf(index)) {
    const Value& given = plan_.values[source.value];
    layouts.push_back(given.layout);
    if (given.form != value.form) value.form = Form::Series;
    value.range.positive = std::max(value.range.positive, given.range.positive);
    value.range.negative = std::max(value.range.negative, given.range.negative);
  }
  if (value.form != Form::Spikes) value.range = {};
  value.layout = Layout(shapeOf(index));
  const bool onlyReshapes = node.as<FlattenNode>() != nullptr || node.as<ReshapeNode>() != nullptr;
  const bool joinsOne = node.as<ConcatNode>() != nullptr && layouts.size() == 1;
  if ((onlyReshapes || joinsOne) && layouts[0] == value.layout) {
    valueOf_[index] = sourcesOf(index).front().value;
    return;
  }
  if (const auto* upsample = node.as<UpsampleNode>()) {
    make(index, upsampled(shapeOfSource(index), upsample->scale), value);
  } else if (const auto* concat = node.as<ConcatNode>()) {
    std::vector<Shape> shapes;
    for (const auto& source : order_.places[index].sources) shapes.push_back(shapeOf(source.place));
    make(index, concatenated(shapes, static_cast<std::size_t>(concat->axis), shapeOf(index)),
         value);
  } else if (const auto* transpose = node.as<TransposeNode>()) {
    make(index, transposed(shapeOfSource(index), transpose->axes), value);
  } else if (const auto* select = node.as<SelectNode>()) {
    make(index, selected(shapeOfSource(index), *select), value);
  } else if (const auto* pad = node.as<PadNode>()) {
    make(index, paddedAround(shapeOfSource(index), *pad), value);
  } else {
    make(index, reshaped(layouts[0], value.layout), value);
  }
}

template <class Real>
void Compiler<Real>::add(std::size_t index) {
  bool constant = true;
  for (const auto& source : order_.places[index].sources) {
    constant = constant && source.delay == 0 &&
               plan_.values[valueOf_[source.place]].form == Form::Constant;
  }
  make(index, AddOp(), {constant ? Form::Constant : Form::Series, Layout(shapeOf(index)), {}});
}

template <class Real>
Status Compiler<Real>::pool(std::size_t index, const PoolNode& node) {
  const Result<Window> window =
      node.window(shapeOfSource(index), order_.places[index].node->label());
  if (!window.ok()) return window.status();
  Value value = sourceOf(index);
  const bool spikes = value.form == Form::Spikes;
  const bool averaged = node.mode == PoolMode::Average || (node.mode == PoolMode::Max && spikes &&
                                                           node.spikes == MaxOfSpikes::Average);
  PoolOp<Real> op{averaged ? PoolMode::Average : node.mode,
                  spikes && !averaged && node.mode == PoolMode::Max,
                  1,
                  {},
                  {}};
  for (const std::int64_t size : window.value().kernel) op.taps *= size;
  const Layout layout(shapeOf(index));
  if (Status status = checkSize(layout, op.taps, *order_.places[index].node); !status.ok())
    return status;
  op.sources = slidingTaps(window.value(), shapeOfSource(index), shapeOf(index));
  for (std::int64_t position = 0; position < layout.positions; ++position) {
    const auto first = op.sources.begin() + position * op.taps;
    const auto inside = node.countPadding && node.mode == PoolMode::Average
                            ? op.taps
                            : op.taps - std::count(first, first + op.taps, std::int32_t{-1});
    op.factors.push_back(
        op.mode == PoolMode::Average
            ? static_cast<Real>(1.0 / static_cast<double>(std::max<std::int64_t>(inside, 1)))
            : Real{1});
  }
  if (spikes && !op.gated) value = {Form::Series, layout, {}};
  value.layout = layout;
  make(index, std::move(op), value);
  return {};
}

template void Compiler<float>::rearrange(std::size_t);
template void Compiler<double>::rearrange(std::size_t);
template void Compiler<float>::add(std::size_t);
template void Compiler<double>::add(std::size_t);
template Status Compiler<float>::pool(std::size_t, const PoolNode&);
template Status Compiler<double>::pool(std::size_t, const PoolNode&);

}  // namespace spiq
