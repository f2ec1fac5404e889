#pragma once

#include <string>
#include <vector>

#include "core/convert/refine/calibration_rows.h"
#include "core/graph/graph.h"

namespace spiq {

// How the network will be simulated: constant input, semantics `direct`, float32.
struct Trial {
  std::int64_t steps = 100;
  Control& control;

  // What the float network gives at each of its sites: [site][row * units + unit], in the order of
  // sitesOf.
  Result<std::vector<std::vector<double>>> activations(const Graph& prepared,
                                                       const CalibrationRows& rows) const;
  // Spikes per step of the neurons of this name, negative ones counted down: [row * units + unit].
  Result<std::vector<double>> rates(const Graph& spiking, const std::string& neurons,
                                    const CalibrationRows& rows) const;
  // The outputs' last potential per step.
  Result<std::vector<double>> outputs(const Graph& spiking, const CalibrationRows& rows) const;
  // Both for every layer at once, the outputs last.
  Result<std::vector<std::vector<float>>> all(const Graph& spiking,
                                              const std::vector<float>& observations,
                                              std::size_t rows) const;
};

// The share of rows whose largest output is that of `wanted`; with a single output, minus the mean
// squared difference.
double similarity(const std::vector<double>& outputs, const std::vector<double>& wanted,
                  std::size_t width);

}  // namespace spiq
