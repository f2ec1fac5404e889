#pragma once

#include <memory>

#include "core/learn/trained.h"

namespace spiq {

// Thresholds must stay above 0, and above the value that a reset sets.
constexpr double kLeastThreshold = 1e-3;

template <class Real>
struct Trained<Real>::Linear {
  LinearData<Real>* data = nullptr;
  bool hasBias = false;
  AlignedVector<Real> weight;  // gradients, as the data lies
  AlignedVector<Real> bias;
  // With two input neurons: the matrix W of which the data holds [W; -W].
  std::unique_ptr<LinearData<Real>> folded;
  AlignedVector<Real> ofFolded;
  // Of a batch norm, whose factor and offset the data holds.
  const BatchNormNode* norm = nullptr;
  AlignedVector<Real> scale;
  AlignedVector<Real> shift;
  AlignedVector<Real> ofScale;
  AlignedVector<Real> ofShift;
};

template <class Real>
struct Trained<Real>::Neuron {
  NeuronOp<Real>* op = nullptr;
  const NeuronNode* node = nullptr;  // null: an accumulator
  std::size_t channels = 0;
  AlignedVector<Real> thresholds;  // as the node has them, one or one for each channel
  AlignedVector<Real> ofThresholds;
  AlignedVector<Real> alpha;
  AlignedVector<Real> beta;
  NeuronGradient gradient;
};

}  // namespace spiq
