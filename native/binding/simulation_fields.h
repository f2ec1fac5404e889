#pragma once

#include "binding/fields.h"
#include "core/plan/simulation_options.h"

namespace spiq {

// The options of a simulation that say what is computed.
void readSimulation(Fields& fields, SimulationOptions& simulation);

}  // namespace spiq
