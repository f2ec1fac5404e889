#pragma once

#include <string>

#include "core/convert/refine/calibration_rows.h"
#include "core/convert/refine/draft.h"
#include "core/convert/refine/rate_layer.h"

namespace spiq {

// The parameters of a chain of dense layers in units that suit training: inputs of mean 0 and
// deviation 1, outputs in `temperature`s.
class RateNetwork {
 public:
  RateNetwork(Draft& draft, const std::vector<std::string>& denseNodes, const CalibrationRows& rows,
              double temperature);

  std::vector<RateLayer>& layers() { return layers_; }
  // What one unit of the spiking network's outputs per step is, in temperatures.
  double outputUnit() const { return outputUnit_; }
  int burst() const { return burst_; }
  float standardised(double value, std::size_t input) const {
    return static_cast<float>((value - mean_[input]) / deviation_[input]);
  }

  // The parameters as the graph has them.
  void writeTo(Draft& draft);

 private:
  std::vector<std::string> names_;
  std::vector<RateLayer> layers_;
  std::vector<double> mean_;
  std::vector<double> deviation_;
  double outputUnit_;
  int burst_ = 1;
};

}  // namespace spiq
