#pragma once

#include <vector>

#include "base/aligned.h"
#include "core/graph/conv.h"
#include "core/graph/dense.h"
#include "core/graph/scale.h"
#include "core/plan/layout.h"

namespace spiq {

// Lines of input positions.
struct LineRange {
  std::int32_t first = 0;
  std::int32_t last = 0;
};

// A linear node's weights and geometry laid out for the kernels. A tile of units has weights for
// the channels of their groups; where these are several, of zero between units and channels of
// different groups, which changes no sum. A layer of as many groups as channels has none of those.
template <class Real>
class LinearData {
 public:
  explicit LinearData(const DenseNode& node);
  LinearData(const ConvNode& node, const Shape& in, const Shape& out);
  LinearData(const ConvTransposeNode& node, const Shape& in, const Shape& out);
  // As a convolution of one tap in as many groups as channels.
  LinearData(const ScaleNode& node, const Shape& shape);

  // For an input whose positions lie without padding between them, where that is possible.
  bool canTighten() const { return !alone_; }
  void tightenInput();

  const Layout& in() const { return in_; }
  const Layout& out() const { return out_; }
  LinearView<Real> view() const {
    return {taps_,
            in_.channels,
            in_.stride,
            in_.columns,
            out_.stride,
            weights_.data(),
            bias_.data(),
            zeros_.data(),
            distances_.empty() ? nullptr : distances_.data(),
            ranges_.data(),
            partial_,
            alone_,
            in_.channels / groups_,
            channelFanOut_};
  }
  const std::int32_t* sources(std::int64_t position) const {
    return sources_.data() + position * taps_;
  }
  // Whether it looks at no position beyond the edge.
  bool whole(std::int64_t position) const { return whole_[static_cast<std::size_t>(position)]; }
  // What an output position looks at.
  LineRange reach(std::int64_t position) const {
    return reach_[static_cast<std::size_t>(position)];
  }
  const Real* bias() const { return bias_.data(); }
  std::size_t bytes() const { return weights_.size() * sizeof(Real); }
  const AlignedVector<Real>& weights() const { return weights_; }
  AlignedVector<Real>& weights() { return weights_; }
  // The first `out().stride` of the bias, of which the rest are copies; to be followed by
  // `repeatBias` where they change.
  Real* bias() { return bias_.data(); }
  void repeatBias();
  const std::vector<std::int32_t>& taps() const { return sources_; }
  // Output channels that an input channel leads to: those of its group.
  std::int64_t channelFanOut() const { return channelFanOut_; }
  std::int64_t groups() const { return out_.channels / channelFanOut_; }
  bool scales() const { return scales_; }
  // Calls `visit` with the place in `weights` of each element of the node's tensor, in its order.
  template <class Visit>
  void eachWeight(const Visit& visit) const;

 private:
  LinearData(Layout in, Layout out, std::int64_t taps, const std::optional<Tensor>& bias,
             std::int64_t groups);
  void setRanges(std::int64_t groups);
  void setSources(std::vector<std::int32_t> sources);
  void setDistances();
  void setWeights(const Tensor& tensor);
  std::size_t at(std::int64_t out, std::int64_t tap, std::int64_t channel) const;

  Layout in_;
  Layout out_;
  std::int64_t taps_;
  std::int64_t groups_;
  std::int64_t channelFanOut_;
  AlignedVector<Real> weights_;
  AlignedVector<Real> bias_;
  AlignedVector<Real> zeros_;
  std::vector<std::int32_t> sources_;
  std::vector<LineRange> reach_;  // of each output position
  std::vector<bool> whole_;
  std::vector<std::int32_t> distances_;
  std::vector<ChannelRange> ranges_;
  bool partial_ = false;
  bool alone_;
  bool scales_ = false;
  bool spreads_ = false;  // of a transposed convolution, whose tensor has input channels first
};

template <class Real>
template <class Visit>
void LinearData<Real>::eachWeight(const Visit& visit) const {
  const std::int64_t eachIn = in_.channels / groups();
  const std::int64_t outer = spreads_ ? in_.channels : out_.channels;
  const std::int64_t inner = spreads_ ? channelFanOut_ : eachIn;
  for (std::int64_t first = 0; first < outer; ++first) {
    const std::int64_t start = first / (spreads_ ? eachIn : channelFanOut_) * inner;
    for (std::int64_t second = start; second < start + inner; ++second) {
      for (std::int64_t tap = 0; tap < taps_; ++tap)
        visit(spreads_ ? at(second, tap, first) : at(first, tap, second));
    }
  }
}

}  // namespace spiq
