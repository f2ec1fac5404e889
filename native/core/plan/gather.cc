#include "core/plan/gather.h"

namespace spiq {

namespace {

GatherOp::From entry(std::size_t source, std::int64_t index, std::int64_t to) {
  return {static_cast<std::uint32_t>(source), static_cast<std::uint32_t>(index),
          static_cast<std::uint32_t>(to)};
}

// Row-major distance between neighbours along `axis`.
std::int64_t blockBehind(const Shape& shape, std::size_t axis) {
  std::int64_t block = 1;
  for (std::size_t d = axis + 1; d < shape.size(); ++d) block *= shape[d];
  return block;
}

std::vector<std::int64_t> distances(const Shape& shape) {
  std::vector<std::int64_t> apart;
  apart.reserve(shape.size());
  for (std::size_t d = 0; d < shape.size(); ++d) apart.push_back(blockBehind(shape, d));
  return apart;
}

// find(place) is the unit of `from`, in row-major order, that goes to the place of `to` with these
// coordinates, or -1. One cache line of the result is filled after the other.
template <class Find>
GatherOp placeByPlace(const Shape& from, const Shape& to, const Find& find) {
  GatherOp op;
  const Layout in(from);
  const Layout out(to);
  op.units.reserve(static_cast<std::size_t>(out.units()));
  const std::vector<std::int64_t> apart = distances(to);
  Sizes place(to.size());
  for (std::int64_t position = 0; position < out.positions; ++position) {
    for (std::int64_t channel = 0; channel < out.channels; ++channel) {
      const std::int64_t unit = channel * out.positions + position;
      for (std::size_t d = 0; d < to.size(); ++d) place[d] = unit / apart[d] % to[d];
      const std::int64_t source = find(place);
      if (source >= 0) op.units.push_back(entry(0, in.at(source), out.at(unit)));
    }
  }
  return op;
}

}  // namespace

GatherOp fromUserOrder(const Layout& layout) {
  GatherOp op = reshaped(Layout(1, layout.units()), layout);
  op.fromUserOrder = true;
  return op;
}

GatherOp reshaped(const Layout& from, const Layout& to) {
  GatherOp op;
  op.units.reserve(static_cast<std::size_t>(to.units()));
  // One cache line of the result after the other.
  for (std::int64_t position = 0; position < to.positions; ++position) {
    for (std::int64_t channel = 0; channel < to.channels; ++channel) {
      const std::int64_t unit = channel * to.positions + position;
      op.units.push_back(entry(0, from.at(unit), to.at(unit)));
    }
  }
  return op;
}

GatherOp concatenated(const std::vector<Shape>& from, std::size_t axis, const Shape& to) {
  GatherOp op;
  const Layout out(to);
  const std::int64_t block = blockBehind(to, axis);
  std::int64_t offset = 0;
  for (std::size_t source = 0; source < from.size(); ++source) {
    const Layout in(from[source]);
    const std::int64_t run = from[source][axis] * block;
    for (std::int64_t unit = 0; unit < in.units(); ++unit) {
      const std::int64_t unitOut = unit / run * to[axis] * block + offset * block + unit % run;
      op.units.push_back(entry(source, in.at(unit), out.at(unitOut)));
    }
    offset += from[source][axis];
  }
  return op;
}

GatherOp upsampled(const Shape& from, const Sizes& scale) {
  GatherOp op;
  const Layout in(from);
  Shape to = from;
  for (std::size_t d = 0; d < scale.size(); ++d) to[d + 1] *= scale[d];
  const Layout out(to);
  const std::int64_t columnScale = scale.back();
  const std::int64_t rowScale = scale.size() == 2 ? scale.front() : 1;
  const std::int64_t columns = to.back();
  const std::int64_t rows = scale.size() == 2 ? to[1] : 1;
  for (std::int64_t unit = 0; unit < out.units(); ++unit) {
    const std::int64_t column = unit % columns / columnScale;
    const std::int64_t row = unit / columns % rows / rowScale;
    const std::int64_t channel = unit / columns / rows;
    const std::int64_t source =
        (channel * (rows / rowScale) + row) * (columns / columnScale) + column;
    op.units.push_back(entry(0, in.at(source), out.at(unit)));
  }
  return op;
}

GatherOp transposed(const Shape& from, const Sizes& axes) {
  Shape to;
  for (const std::int64_t axis : axes) to.push_back(from[static_cast<std::size_t>(axis)]);
  const std::vector<std::int64_t> apart = distances(from);
  return placeByPlace(from, to, [&](const Sizes& place) {
    std::int64_t unit = 0;
    for (std::size_t d = 0; d < axes.size(); ++d)
      unit += place[d] * apart[static_cast<std::size_t>(axes[d])];
    return unit;
  });
}

GatherOp selected(const Shape& from, const SelectNode& node) {
  const auto axis = static_cast<std::size_t>(node.axis);
  Shape to = from;
  to[axis] = static_cast<std::int64_t>(node.indices.size());
  const std::vector<std::int64_t> apart = distances(from);
  return placeByPlace(from, to, [&](const Sizes& place) {
    std::int64_t unit = 0;
    for (std::size_t d = 0; d < place.size(); ++d) {
      const std::int64_t at =
          d == axis ? node.indices[static_cast<std::size_t>(place[d])] : place[d];
      unit += at * apart[d];
    }
    return unit;
  });
}

GatherOp paddedAround(const Shape& from, const PadNode& node) {
  const std::size_t dimensions = from.size();
  Shape to = from;
  for (std::size_t d = 0; d < dimensions; ++d)
    to[d] += node.padding[d] + node.padding[dimensions + d];
  const std::vector<std::int64_t> apart = distances(from);
  return placeByPlace(from, to, [&](const Sizes& place) {
    std::int64_t unit = 0;
    for (std::size_t d = 0; d < dimensions; ++d) {
      const std::int64_t at = place[d] - node.padding[d];
      if (at < 0 || at >= from[d]) return std::int64_t{-1};
      unit += at * apart[d];
    }
    return unit;
  });
}

}  // namespace spiq
