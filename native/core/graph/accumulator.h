#pragma once

#include <string>

#include "core/graph/neuron.h"

namespace spiq {

// Units that integrate like a neuron and never fire: the usual read-out.
struct AccumulatorNode {
  static constexpr const char* kind = "accumulator";
  static constexpr Arity arity = Arity::One;
  double alpha = NeuronSpec().alpha;
  double beta = NeuronSpec().beta;
  std::optional<Tensor> initials = {};  // potentials before the first step, one for each channel

  Status validate(const std::string& what) const {
    if (Status status = checkFactor(alpha, what + " alpha"); !status.ok()) return status;
    if (Status status = checkPerChannel(initials, what + " initials"); !status.ok()) return status;
    return checkFactor(beta, what + " beta");
  }
  Result<Shape> outputShape(const Shape& in, const std::string& what) const {
    if (Status status = fitsChannels(initials, in, what + " initials"); !status.ok()) return status;
    return in;
  }
};

}  // namespace spiq
