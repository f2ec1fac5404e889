#pragma once

#include <cstdint>
#include <limits>

#include "core/learn/schedule.h"

namespace spiq {

// With g the gradient, w the value, and every other letter a running quantity that begins at 0.
// - Sgd: b = momentum b + g; w -= rate b, or with nesterov rate (g + momentum b)  (Sutskever et
// al.,
//   "On the importance of initialization and momentum in deep learning", ICML 2013; PyTorch's form)
// - Rmsprop: s = decay s + (1 - decay) g^2; b = momentum b + g / (sqrt(s - m^2) + epsilon), m being
//   the running mean of g where centred and else 0; w -= rate b  (Tieleman and Hinton, lecture 6.5,
//   2012; Graves, "Generating sequences with recurrent neural networks", 2013; PyTorch's form)
// - RmspropNature: m = momentum m + (1 - momentum) g; s = decay s + (1 - decay) g^2;
//   w -= rate g / sqrt(s - m^2 + epsilon)  (Mnih et al., "Human-level control through deep
//   reinforcement learning", Nature 518, 2015, and its published code)
// - RmspropNeon: s as in Rmsprop; w -= rate g / (sqrt(s + epsilon) + epsilon)  (the framework Neon,
//   by which the agents of 2015 that followed the paper were trained)
// - Adam, AdamW: m = beta1 m + (1 - beta1) g; s = beta2 s + (1 - beta2) g^2; w -= rate m' /
//   (sqrt(s') + epsilon), m' and s' being corrected for their beginning  (Kingma and Ba, ICLR
//   2015); AdamW first w -= rate weightDecay w  (Loshchilov and Hutter, ICLR 2019)
enum class OptimiserKind : std::uint8_t { Sgd, Rmsprop, RmspropNature, RmspropNeon, Adam, AdamW };

struct OptimiserOptions {
  OptimiserKind kind = OptimiserKind::Adam;
  Schedule learningRate;
  double momentum = 0.0;
  bool nesterov = false;
  double decay = 0.0;
  bool centred = false;
  double epsilon = 1e-8;
  double beta1 = 0.9;
  double beta2 = 0.999;
  // Of weights, biases, scales and shifts: 0 means nothing for thresholds and decays of neurons.
  double weightDecay = 0.0;
  // Each gradient is cut to +-clipValue first; then all are scaled so that their norm is clipNorm
  // at most (Pascanu et al., "On the difficulty of training recurrent neural networks", ICML 2013).
  double clipValue = std::numeric_limits<double>::infinity();
  double clipNorm = std::numeric_limits<double>::infinity();

  // Each kind with the numbers of its source.
  static OptimiserOptions of(OptimiserKind kind);
  Status validate() const;
};

}  // namespace spiq
