#pragma once

#include <vector>

#include "backend/backend.h"
#include "base/aligned.h"
#include "core/plan/linear_data.h"

namespace spiq {

// A linear layer as gradients pass through it, from its outputs back to its inputs: for each input
// position and channel 0, then each tap and each unit of the position that looks at it through
// this tap, ascending, += weight * gradient by fused multiply-add. That is the product of another
// linear layer, whose weights are a copy of the first one's.
//
// Input positions that are seen through the same taps go together: under a stride of 2, say, each
// of the four kinds has a layer of its own, without taps that no position of its kind has.
template <class Real>
class TransposedLinear {
 public:
  // The layer must stay where it is. Its input must have padding (LinearData::tightenInput), its
  // weights may change: then every part must be copied again.
  explicit TransposedLinear(const LinearData<Real>& layer);

  std::size_t parts() const { return parts_.size(); }
  void copyWeights(std::size_t part);

  // Sets the input gradients of all positions of `rows` observations in `steps` steps, in tasks
  // that may run on any thread, each with columns of its own as scratch memory. `start` before
  // them, once.
  void start(std::int64_t rows, std::int64_t steps, const Batch<const Real>& outputGradient,
             const Batch<Real>& inputGradient);
  std::size_t tasks() const;
  void run(const Backend<Real>& backend, std::size_t task,
           std::vector<Column<Real>>& columns) const;

 private:
  // Input positions that are seen through the same taps, or some of them, at the edge.
  struct Kind {
    std::vector<std::int32_t> taps;
    std::vector<std::int64_t> positions;
    std::vector<std::int32_t> sources;  // [position][tap]
    std::vector<bool> whole;            // of each position
    std::vector<std::int32_t> distances;
    std::vector<ChannelRange> ranges;  // of each tile of input channels: units
    AlignedVector<Real> weights;
    std::vector<Column<Real>> columns;  // of all samples, where they are few
  };
  struct Part {
    std::size_t kind;
    std::int64_t tile;
    std::size_t tap;
  };

  void sort(const std::vector<std::int32_t>& seenBy);
  void setDistances(Kind& kind) const;
  void setWeights(std::size_t index);
  LinearView<Real> view(const Kind& kind) const;
  std::int64_t tiles() const { return layer_.in().tiles(); }
  // Observations' steps of one task.
  std::int64_t together(const Kind& kind) const;
  // Tasks of a kind for a tile.
  std::int64_t chunks(const Kind& kind) const;
  Column<Real>* lay(const Kind& kind, std::int64_t chunk, Column<Real>* column) const;

  const LinearData<Real>& layer_;
  std::vector<Kind> kinds_;
  std::vector<Part> parts_;
  bool partial_ = false;
  AlignedVector<Real> zeros_;  // for bias and edges
  std::int64_t rows_ = 0;
  std::int64_t steps_ = 0;
  Batch<const Real> from_{};
  Batch<Real> to_{};
};

}  // namespace spiq
