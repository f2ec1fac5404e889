#pragma once

#include <vector>

#include "core/sim/result.h"
#include "core/sim/workspace.h"

namespace spiq {

// Counts what the connections of a plan's linear layers do. A connection is a weight that an input
// unit reaches an output unit through: none beyond the edge, none between groups, none of a
// scale.
template <class Real>
class Synapses {
 public:
  Synapses(const Plan<Real>& plan, const SimulationOptions& options);

  Operations start(std::size_t rows) const;
  // The first `used` steps of a chunk of one row; `begins`: the row's first ones.
  void count(Workspace<Real>& workspace, std::size_t row, std::size_t at, const Chunk& chunk,
             int used, bool begins, Operations& operations) const;

 private:
  struct Layer {
    const Operation<Real>* operation = nullptr;
    std::vector<std::int64_t> fanOut;  // of each position of the input, for one channel
    std::int64_t connections = 0;
    double ofFloat = 0;  // connections in the float network
  };
  double spikesTimesFanOut(Workspace<Real>& workspace, const Layer& layer, std::size_t row,
                           const Chunk& chunk, int used) const;

  const Plan<Real>& plan_;
  std::vector<Layer> layers_;
};

}  // namespace spiq
