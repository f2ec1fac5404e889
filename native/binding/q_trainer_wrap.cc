#include "binding/q_trainer_wrap.h"

#include <cmath>

#include "backend/registry.h"
#include "binding/arrays.h"
#include "binding/graph_codec.h"
#include "binding/graph_wrap.h"
#include "binding/job.h"
#include "binding/replay_wrap.h"
#include "binding/trainer_engine.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

constexpr napi_type_tag kQTrainerTag{0x27c95ab41f3e80d6, 0xe40b7c3d6195a82f};

constexpr const char* kWhat = "Q-trainer";

constexpr double kMostCount = 2147483648.0;

void writeReport(const View<double>& to, const DqnReport& report) {
  to[0] = report.loss;
  to[1] = report.meanQ;
}

std::size_t countOf(const Napi::Value& value, const char* what) {
  const double read = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : 0.0;
  if (read >= 1.0 && read <= kMostCount && std::floor(read) == read)
    return static_cast<std::size_t>(read);
  throw toError(value.Env(),
                mismatch(Code::Range, what, "a whole number from 1 to 2^31", describe(value)));
}

template <class Work>
void runHere(Napi::Env env, std::size_t threads, const Work& work) {
  const std::shared_ptr<ThreadPool> pool = AddonData::of(env).pool(threads);
  Control control{*pool, threads};
  throwIfFailed(env, guarded([&] { return work(control); }));
}

}  // namespace

Napi::Function QTrainerWrap::define(Napi::Env env) {
  return DefineClass(env, "QTrainer",
                     {InstanceMethod("describe", &QTrainerWrap::describe),
                      InstanceMethod("boundForward", &QTrainerWrap::boundForward),
                      InstanceMethod("boundLearn", &QTrainerWrap::boundLearn),
                      InstanceMethod("startLearn", &QTrainerWrap::startLearn),
                      InstanceMethod("boundLearnBatch", &QTrainerWrap::boundLearnBatch),
                      InstanceMethod("syncTarget", &QTrainerWrap::syncTarget),
                      InstanceMethod("graph", &QTrainerWrap::graph),
                      InstanceMethod("progress", &QTrainerWrap::progress),
                      InstanceMethod("save", &QTrainerWrap::save),
                      InstanceMethod("restore", &QTrainerWrap::restore),
                      InstanceMethod("close", &QTrainerWrap::close)});
}

QTrainerWrap::QTrainerWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<QTrainerWrap>(info) {
  const Napi::Env env = info.Env();
  const TrainerFields fields(info[1]);
  const auto* backend = takeOrThrow(env, findBackend<float>("cpu", fields.isa));
  auto state = std::make_shared<State>();
  state->learner =
      takeOrThrow(env, DqnLearner::make(*GraphWrap::givenOf(info[0]), *GraphWrap::givenOf(info[2]),
                                        fields.dqn, *backend));
  state->threads = static_cast<std::size_t>(fields.threads);
  memory_.hold(env, state->learner->bytes());
  slot_ = std::make_shared<std::shared_ptr<State>>(std::move(state));
  info.This().As<Napi::Object>().TypeTag(&kQTrainerTag);
}

QTrainerWrap& QTrainerWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kQTrainerTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, kWhat, "a native QTrainer", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

const std::shared_ptr<QTrainerWrap::State>& QTrainerWrap::stateOf(const Napi::Value& value) {
  return idle(value.Env(), of(value).slot_, kWhat);
}

Napi::Value QTrainerWrap::describe(const Napi::CallbackInfo& info) {
  const DqnLearner& learner = *stateOf(info.This())->learner;
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("inputSize", static_cast<double>(learner.inputs()));
  object.Set("outputSize", static_cast<double>(learner.outputs()));
  return object;
}

Napi::Value QTrainerWrap::boundForward(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    forward(*idle(arguments.Env(), slot, kWhat), arguments);
  };
  return Napi::Function::New(info.Env(), call, "forward");
}

void QTrainerWrap::forward(State& state, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  DqnLearner& learner = *state.learner;
  const TypedInput<float> observations(info[0], "observations");
  const auto width = static_cast<std::size_t>(learner.inputs());
  const std::size_t rows = observations.view().size / width;
  if (rows == 0 || rows * width != observations.view().size) {
    throw toError(env, mismatch(Code::Shape, "observations",
                                "one or more rows of " + std::to_string(width) + " values",
                                std::to_string(observations.view().size) + " values"));
  }
  const View<float> out =
      typedOutput<float>(info[1], "outputs", rows * static_cast<std::size_t>(learner.outputs()));
  const bool ofTarget = info[2].ToBoolean();
  TrainingDraw draw;
  if (info.Length() > 3) {
    draw.seed = static_cast<std::uint64_t>(info[3].ToNumber().Int64Value());
    draw.firstObservation = static_cast<std::uint64_t>(info[4].ToNumber().Int64Value());
  }
  runHere(env, state.threads, [&](Control& control) {
    return ofTarget
               ? learner.target().forward(observations.view(), rows, draw, false, out.data, control)
               : learner.policy().forward(observations.view(), rows, draw, out.data, control);
  });
}

Napi::Value QTrainerWrap::boundLearn(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    learn(*idle(arguments.Env(), slot, kWhat), arguments);
  };
  return Napi::Function::New(info.Env(), call, "learn");
}

void QTrainerWrap::learn(State& state, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  Replay& replay = *ReplayWrap::stateOf(info[0])->replay;
  const std::size_t batch = countOf(info[1], "batch");
  const std::size_t count = countOf(info[2], "count");
  const View<double> to = typedOutput<double>(info[3], "report", 2);
  runHere(env, state.threads, [&](Control& control) {
    const auto report = state.learner->update(replay, batch, count, control);
    if (report.ok()) writeReport(to, report.value());
    return report.status();
  });
}

Napi::Value QTrainerWrap::startLearn(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::shared_ptr<State> state = stateOf(info.This());
  const std::shared_ptr<ReplayState> memory = ReplayWrap::stateOf(info[0]);
  const std::size_t batch = countOf(info[1], "batch");
  const std::size_t count = countOf(info[2], "count");
  auto control =
      std::make_shared<JobControl>(AddonData::of(env).pool(state->threads), state->threads);
  auto found = std::make_shared<DqnReport>();
  state->busy = true;
  memory->busy = true;
  return startJob(
      env, control,
      [=] {
        const Use trainer(state->busy);
        const Use replay(memory->busy);
        const auto report = state->learner->update(*memory->replay, batch, count, *control);
        if (report.ok()) *found = report.value();
        return report.status();
      },
      [found](Napi::Env e) {
        Napi::Array pair = Napi::Array::New(e, 2);
        pair.Set(0U, found->loss);
        pair.Set(1U, found->meanQ);
        return pair;
      });
}

Napi::Value QTrainerWrap::boundLearnBatch(const Napi::CallbackInfo& info) {
  const auto call = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    learnBatch(*idle(arguments.Env(), slot, kWhat), arguments);
  };
  return Napi::Function::New(info.Env(), call, "learnBatch");
}

void QTrainerWrap::learnBatch(State& state, const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const TypedInput<float> states(info[0], "observations");
  const TypedInput<std::int32_t> actions(info[1], "actions");
  const TypedInput<float> rewards(info[2], "rewards");
  const TypedInput<float> next(info[3], "nextObservations");
  const TypedInput<float> discounts(info[4], "discounts");
  const TypedInput<float> weights(info[5], "weights");
  const View<float> errors = typedOutput<float>(info[6], "errors", actions.view().size);
  const View<double> to = typedOutput<double>(info[7], "report", 2);
  runHere(env, state.threads, [&](Control& control) {
    const auto report = state.learner->update({states.view(), actions.view(), rewards.view(),
                                               next.view(), discounts.view(), weights.view()},
                                              control);
    if (!report.ok()) return report.status();
    writeReport(to, report.value());
    std::copy_n(state.learner->errors().data(), errors.size, errors.data);
    return Status();
  });
}

void QTrainerWrap::syncTarget(const Napi::CallbackInfo& info) {
  const auto state = stateOf(info.This());
  state->learner->syncTarget(info[0].ToNumber().DoubleValue());
}

Napi::Value QTrainerWrap::graph(const Napi::CallbackInfo& info) {
  DqnLearner& learner = *stateOf(info.This())->learner;
  return graphToJs(info.Env(),
                   info[0].ToBoolean() ? learner.target().graph() : learner.policy().graph());
}

Napi::Value QTrainerWrap::progress(const Napi::CallbackInfo& info) {
  return progressToJs(info.Env(), stateOf(info.This())->learner->policy());
}

Napi::Value QTrainerWrap::save(const Napi::CallbackInfo& info) {
  return toJs(info.Env(), stateOf(info.This())->learner->save());
}

void QTrainerWrap::restore(const Napi::CallbackInfo& info) {
  const TypedInput<std::uint8_t> bytes(info[0], "state of training");
  throwIfFailed(info.Env(),
                stateOf(info.This())->learner->restore(bytes.view().data, bytes.view().size));
}

// A job that still runs keeps what it needs.
void QTrainerWrap::close(const Napi::CallbackInfo& info) {
  QTrainerWrap& trainer = of(info.This());
  *trainer.slot_ = nullptr;
  trainer.memory_.release(info.Env());
}

}  // namespace spiq
