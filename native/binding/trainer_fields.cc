#include "binding/trainer_fields.h"

#include "binding/engine.h"
#include "binding/simulation_fields.h"

namespace spiq {

namespace {

const Names<SurrogateKind> kSurrogateNames{{"fast-sigmoid", SurrogateKind::FastSigmoid},
                                           {"arctan", SurrogateKind::Arctan},
                                           {"sigmoid", SurrogateKind::Sigmoid},
                                           {"piecewise", SurrogateKind::Piecewise}};

const Names<OptimiserKind> kOptimiserNames{{"sgd", OptimiserKind::Sgd},
                                           {"rmsprop", OptimiserKind::Rmsprop},
                                           {"rmsprop-nature", OptimiserKind::RmspropNature},
                                           {"rmsprop-neon", OptimiserKind::RmspropNeon},
                                           {"adam", OptimiserKind::Adam},
                                           {"adamw", OptimiserKind::AdamW}};

const Names<Schedule::Kind> kScheduleNames{{"linear", Schedule::Kind::Linear},
                                           {"exponential", Schedule::Kind::Exponential},
                                           {"cosine", Schedule::Kind::Cosine},
                                           {"steps", Schedule::Kind::Steps}};

void readSchedule(const Napi::Value& value, Schedule& schedule) {
  if (value.IsUndefined()) return;
  if (value.IsNumber()) {
    schedule = {Schedule::Kind::Constant, value.As<Napi::Number>().DoubleValue()};
    return;
  }
  Fields fields(value, "learningRate");
  schedule = {};
  fields.required("kind", "the name of a schedule");
  fields.choice("kind", schedule.kind, kScheduleNames);
  fields.required("from", "a number");
  fields.number("from", schedule.from);
  fields.number("to", schedule.to);
  fields.integer("steps", schedule.steps, 1, kMaxSafeInteger);
  fields.number("decay", schedule.decay);
  fields.finish();
}

void readOptimiser(const Napi::Value& value, OptimiserOptions& options) {
  OptimiserKind kind = OptimiserKind::Adam;
  Fields fields(value, "optimiser");
  fields.choice("kind", kind, kOptimiserNames);
  options = OptimiserOptions::of(kind);
  readSchedule(fields.value("learningRate"), options.learningRate);
  fields.number("momentum", options.momentum);
  fields.boolean("nesterov", options.nesterov);
  fields.number("decay", options.decay);
  fields.boolean("centred", options.centred);
  fields.number("epsilon", options.epsilon);
  fields.number("beta1", options.beta1);
  fields.number("beta2", options.beta2);
  fields.number("weightDecay", options.weightDecay);
  fields.finish();
}

void readClip(const Napi::Value& value, OptimiserOptions& options) {
  Fields fields(value, "clip");
  fields.number("value", options.clipValue);
  fields.number("norm", options.clipNorm);
  fields.finish();
}

void readSurrogate(const Napi::Value& value, Surrogate& surrogate) {
  Fields fields(value, "surrogate");
  fields.choice("kind", surrogate.kind, kSurrogateNames);
  fields.number("slope", surrogate.slope);
  fields.finish();
}

void readFrozen(const Napi::Value& value, std::vector<std::string>& frozen) {
  if (value.IsUndefined()) return;
  if (!value.IsArray()) {
    throw toError(value.Env(), mismatch(Code::Argument, "trainable 'frozen'", "names of nodes",
                                        describe(value)));
  }
  const auto names = value.As<Napi::Array>();
  for (std::uint32_t i = 0; i < names.Length(); ++i) {
    const Napi::Value name = names.Get(i);
    if (!name.IsString()) {
      throw toError(value.Env(), mismatch(Code::Argument, "trainable 'frozen'", "names of nodes",
                                          describe(name)));
    }
    frozen.push_back(name.As<Napi::String>().Utf8Value());
  }
}

void readTrainable(const Napi::Value& value, TrainingOptions& training) {
  Fields fields(value, "trainable");
  fields.boolean("thresholds", training.thresholds);
  fields.boolean("alpha", training.alpha);
  fields.boolean("beta", training.beta);
  readFrozen(fields.value("frozen"), training.frozen);
  fields.finish();
}

}  // namespace

TrainerFields::TrainerFields(const Napi::Value& value) {
  LearnerOptions& learner = dqn.learner;
  Fields fields(value, "trainer option");
  const Napi::Value simulation = fields.value("simulation");
  if (!simulation.IsUndefined()) {
    Fields simulationFields(simulation, "simulation option");
    readSimulation(simulationFields, learner.training.simulation.emplace());
    simulationFields.finish();
  }
  readOptimiser(fields.value("optimiser"), learner.optimiser);
  readClip(fields.value("clip"), learner.optimiser);
  readSurrogate(fields.value("surrogate"), learner.training.surrogate);
  readTrainable(fields.value("trainable"), learner.training);
  std::int64_t seed = 0;
  fields.boolean("attachedReset", learner.training.attachedReset);
  fields.choice("precision", precision, kPrecisionNames);
  fields.integer("threads", threads, 1, kMaxThreads);
  fields.text("isa", isa);
  fields.integer("seed", seed, 0, kMaxSafeInteger);
  fields.boolean("double", dqn.doubleQ);
  fields.choice("loss", dqn.loss, kLossNames);
  fields.number("errorClip", dqn.errorClip);
  fields.number("gapShare", dqn.gapShare);
  fields.number("leastReward", dqn.leastReward);
  fields.number("mostReward", dqn.mostReward);
  fields.finish();
  learner.seed = static_cast<std::uint64_t>(seed);
}

}  // namespace spiq
