#include "binding/simulation_fields.h"

#include "binding/names.h"

namespace spiq {

void readSimulation(Fields& fields, SimulationOptions& simulation) {
  fields.integer("steps", simulation.steps, 1, kMaxSteps);
  fields.choice("semantics", simulation.semantics, kSemanticsNames);
  fields.choice("encoding", simulation.encoding, kEncodingNames);
  fields.choice("decoding", simulation.decoding, kDecodingNames);
  fields.choice("reset", simulation.reset, kResetNames);
  fields.number("threshold", simulation.threshold);
  fields.number("alpha", simulation.alpha);
  fields.number("beta", simulation.beta);
  fields.number("epsilon", simulation.epsilon);
  fields.boolean("twoInputNeurons", simulation.twoInputNeurons);
  fields.boolean("biasAsObservation", simulation.biasAsObservation);
}

}  // namespace spiq
