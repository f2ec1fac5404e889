#pragma once

#include <vector>

#include "core/convert/refine/draft.h"
#include "core/convert/refine/trial.h"

namespace spiq {

// Both take the layers in order, each with what the ones before it have become, and make the mean
// rate of every channel that of its activation, over rows and positions:
//
//   e_c = mean(a_c / s_c - spikes_c / T)
//
// Bias shift: b_c += e_c (Li et al., "A Free Lunch From ANN: Towards Efficient, Accurate Spiking
// Neural Networks Calibration", ICML 2021, the light pipeline).
Status shiftBiases(Draft& draft, const std::vector<std::vector<double>>& activations,
                   const CalibrationRows& rows, const Trial& trial);
// One layer of it.
Status shiftBias(Draft& draft, std::size_t site, const std::vector<double>& activations,
                 const CalibrationRows& rows, const Trial& trial);

// Initial potentials: v_c += T * e_c (the same paper's advanced pipeline, by channel).
Status shiftPotentials(Draft& draft, const std::vector<std::vector<double>>& activations,
                       const CalibrationRows& rows, const Trial& trial);

// e_c of a site, as the draft stands.
Result<std::vector<double>> meanErrors(const Draft& draft, std::size_t site,
                                       const std::vector<double>& activations,
                                       const CalibrationRows& rows, const Trial& trial);

// How often meanErrors simulates for the first two, in layers' runs.
int meanErrorRuns(const std::vector<Site>& sites);

}  // namespace spiq
