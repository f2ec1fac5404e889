#pragma once

#include <string>
#include <vector>

#include "core/convert/refine/draft.h"
#include "core/convert/refine/trial.h"

namespace spiq {

// Fits the mean of all outputs to the float network's (`wanted`, of the rows) by adding the same
// numbers to the weights and biases of every output: which output is the largest stays as it is.
Status restoreMeanOutput(Draft& draft, const std::string& lastDense,
                         const std::vector<double>& wanted, const CalibrationRows& rows,
                         const Trial& trial);

}  // namespace spiq
