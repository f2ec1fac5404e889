#include <algorithm>
#include <limits>

#include "core/learn/backward.h"

// Gradients of large matrices that are made while the optimiser uses them.

namespace spiq {

namespace {

// Smaller ones stay in the cache of a core.
constexpr std::size_t kLeastPostponed = 1 << 18;
// Of a piece; fixed, so that threads change no sum.
constexpr std::int64_t kPieceRows = 384;

// Infinite where a value is not finite.
template <class Real>
Real largest(const Real* values, std::size_t size) {
  constexpr std::size_t kLanes = 16;
  Real most[kLanes] = {};
  for (std::size_t i = 0; i < size; ++i) {
    const Real magnitude = std::abs(values[i]);
    Real& known = most[i % kLanes];
    known = magnitude > known ? magnitude : known;
  }
  return allFinite(View<const Real>{values, size}) ? *std::max_element(most, most + kLanes)
                                                   : std::numeric_limits<Real>::infinity();
}

}  // namespace

template <class Real>
bool Backward<Real>::canPostpone(std::size_t index, const LinearData<Real>& data) const {
  return postpones_ && data.weights().size() >= kLeastPostponed && !data.view().alone &&
         plan_.values[plan_.operations[index].sources.front().value].form != Form::Series &&
         trained_.weightParameter(index) < trained_.parameters().size();
}

template <class Real>
void Backward<Real>::postpone(std::size_t index, const LinearData<Real>& data) {
  const LinearView<Real> view = data.view();
  std::int64_t channels = 0;
  for (std::int64_t tile = 0; tile < data.out().tiles(); ++tile)
    channels = std::max(channels, view.ranges[tile].count());
  const std::int64_t rows = view.taps * channels;
  const std::int64_t portions = (rows + kPieceRows - 1) / kPieceRows;
  const auto most = static_cast<std::size_t>((rows + portions - 1) / portions * kTileUnits);
  piece_.resize(std::max(piece_.size(), control_->threads));
  // Here: an optimiser that ran out of memory on its way would leave a step half made.
  for (AlignedVector<Real>& memory : piece_) memory.resize(std::max(memory.size(), most));
  GradientPieces<Real> pieces;
  pieces.parameter = trained_.weightParameter(index);
  pieces.count = static_cast<std::size_t>(data.out().tiles() * portions);
  pieces.most = mostGradient(index, data);
  pieces.make = [this, index, portions, &data](std::size_t piece, std::size_t worker) {
    const auto at = static_cast<std::int64_t>(piece);
    const std::int64_t tile = at / portions;
    const WeightRows rows = weightRows(data, tile, portions, at % portions);
    const std::int64_t width = data.view().tileWidth(tile);
    const auto first = static_cast<std::size_t>(data.view().tileOffset(tile) + rows.first * width);
    const auto size = static_cast<std::size_t>((rows.last - rows.first) * width);
    AlignedVector<Real>& memory = piece_[worker];
    weights(index, data, tile, rows, memory.data() - first);
    return typename GradientPieces<Real>::Piece{first, size, memory.data()};
  };
  pieces_.push_back(std::move(pieces));
}

// A sum of products is no larger than the largest product times their number, but for rounding.
template <class Real>
double Backward<Real>::mostGradient(std::size_t index, const LinearData<Real>& data) {
  constexpr double kRounding = 2.0;
  const Operation<Real>& operation = plan_.operations[index];
  const std::size_t source = operation.sources.front().value;
  const auto products = static_cast<double>(static_cast<std::int64_t>(flow_.rows()) *
                                            data.out().positions * flow_.stepsOf(operation.to));
  const double gradient = largest(flow_.of(operation.to), flow_.sizeOf(operation.to));
  Workspace<Real>& workspace = forward_.workspace();
  double input = workspace.range(source).planes();
  if (plan_.values[source].form != Form::Spikes)
    input = largest(workspace.reals(source, 0), flow_.rows() * sizeOf(source));
  return kRounding * products * gradient * input;
}

template bool Backward<float>::canPostpone(std::size_t, const LinearData<float>&) const;
template bool Backward<double>::canPostpone(std::size_t, const LinearData<double>&) const;
template void Backward<float>::postpone(std::size_t, const LinearData<float>&);
template void Backward<double>::postpone(std::size_t, const LinearData<double>&);

}  // namespace spiq
