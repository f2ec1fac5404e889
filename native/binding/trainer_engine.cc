#include "binding/trainer_engine.h"

#include "backend/registry.h"
#include "binding/arrays.h"
#include "binding/busy.h"
#include "binding/graph_codec.h"
#include "binding/job.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

// The arguments of an update, and what they leave behind.
template <class Real>
struct UpdateCall {
  TypedInput<Real> observations;
  TypedInput<Real> targets;
  TypedInput<std::int32_t> actions;
  TypedInput<Real> returns;
  TypedInput<Real> weights;
  Loss<Real> loss;
  double value = 0.0;

  explicit UpdateCall(const Napi::CallbackInfo& info)
      : observations(info[0], "observations"),
        targets(info[2], "targets"),
        actions(info[3], "actions or labels"),
        returns(info[4], "returns"),
        weights(info[5], "weights") {
    loss.kind = kindOf(info[1]);
    loss.limit = numberOf(info[6], "limit", loss.limit);
    loss.correct = numberOf(info[7], "correct", loss.correct);
    loss.wrong = numberOf(info[8], "wrong", loss.wrong);
    look();
  }

  void own() {
    observations.own();
    targets.own();
    actions.own();
    returns.own();
    weights.own();
    look();
  }

 private:
  void look() {
    loss.targets = targets.view();
    loss.actions = actions.view();
    loss.returns = returns.view();
    loss.weights = weights.view();
  }

  static LossKind kindOf(const Napi::Value& value) {
    if (value.IsString()) {
      const std::string name = value.As<Napi::String>().Utf8Value();
      for (const auto& [known, kind] : kLossNames) {
        if (name == known) return kind;
      }
    }
    std::string expected;
    for (const auto& [known, kind] : kLossNames)
      expected += std::string(expected.empty() ? "one of " : ", ") + known;
    throw toError(value.Env(), mismatch(Code::Argument, "loss", expected, describe(value)));
  }

  static double numberOf(const Napi::Value& value, const char* what, double otherwise) {
    if (value.IsUndefined()) return otherwise;
    if (!value.IsNumber()) {
      throw toError(value.Env(), mismatch(Code::Argument, std::string("loss '") + what + "'",
                                          "a number", describe(value)));
    }
    return value.As<Napi::Number>().DoubleValue();
  }
};

template <class Real>
class TrainerEngineOf final : public TrainerEngine {
 public:
  TrainerEngineOf(std::unique_ptr<Learner<Real>> learner, std::int64_t threads)
      : learner_(std::move(learner)), threads_(static_cast<std::size_t>(threads)) {}

  Napi::Value describe(Napi::Env env) const override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("inputSize", static_cast<double>(learner_->inputs()));
    object.Set("outputSize", static_cast<double>(learner_->outputs()));
    return object;
  }

  void forward(const Napi::CallbackInfo& info) override {
    const Napi::Env env = info.Env();
    const TypedInput<Real> observations(info[0], "observations");
    const std::size_t rows = rowsOf(env, observations);
    const View<Real> out =
        typedOutput<Real>(info[1], "outputs", rows * static_cast<std::size_t>(learner_->outputs()));
    TrainingDraw draw;
    if (info.Length() > 2) {
      draw.seed = static_cast<std::uint64_t>(info[2].ToNumber().Int64Value());
      draw.firstObservation = static_cast<std::uint64_t>(info[3].ToNumber().Int64Value());
    }
    now(env, [&](Control& control) {
      return learner_->forward(observations.view(), rows, draw, out.data, control);
    });
  }

  Napi::Value update(const Napi::CallbackInfo& info) override {
    UpdateCall<Real> call(info);
    const std::size_t rows = rowsOf(info.Env(), call.observations);
    now(info.Env(), [&](Control& control) { return updateWith(call, rows, control); });
    return Napi::Number::New(info.Env(), call.value);
  }

  Napi::Value startUpdate(const Napi::CallbackInfo& info,
                          const std::shared_ptr<TrainerEngine>& self) override {
    auto call = std::make_shared<UpdateCall<Real>>(info);
    call->own();
    const std::size_t rows = rowsOf(info.Env(), call->observations);
    auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(threads_), threads_);
    busy = true;
    return startJob(
        info.Env(), control,
        [this, self, call, rows, control] {
          const Use use(busy);
          return updateWith(*call, rows, *control);
        },
        [call](Napi::Env env) { return Napi::Number::New(env, call->value); });
  }

  Napi::Value gradients(const Napi::CallbackInfo& info) override {
    const Napi::Env env = info.Env();
    UpdateCall<Real> call(info);
    const std::size_t rows = rowsOf(env, call.observations);
    now(env, [&](Control& control) {
      const auto loss = learner_->differentiate(call.observations.view(), rows, call.loss, control);
      if (loss.ok()) call.value = loss.value();
      return loss.status();
    });
    Napi::Object result = Napi::Object::New(env);
    result.Set("loss", call.value);
    const View<const Real> outputs = learner_->observed();
    result.Set("outputs", toJs(env, std::vector<Real>(outputs.data, outputs.data + outputs.size)));
    Napi::Array list = Napi::Array::New(env);
    for (const NamedValues<Real>& values : learner_->gradients()) {
      Napi::Object one = Napi::Object::New(env);
      one.Set("node", values.node);
      one.Set("field", values.field);
      Napi::Array shape = Napi::Array::New(env, values.shape.size());
      for (std::uint32_t d = 0; d < values.shape.size(); ++d)
        shape.Set(d, static_cast<double>(values.shape[d]));
      one.Set("shape", shape);
      one.Set("data", toJs(env, values.data));
      list.Set(list.Length(), one);
    }
    result.Set("gradients", list);
    return result;
  }

  Napi::Value graph(Napi::Env env) const override { return graphToJs(env, learner_->graph()); }
  Napi::Value progress(Napi::Env env) const override { return progressToJs(env, *learner_); }
  std::vector<std::uint8_t> save() override { return learner_->save(); }
  Status restore(const std::uint8_t* bytes, std::size_t size) override {
    return learner_->restore(bytes, size);
  }
  std::size_t bytes() const override { return learner_->bytes(); }

 private:
  template <class Work>
  void now(Napi::Env env, const Work& work) {
    const std::shared_ptr<ThreadPool> pool = AddonData::of(env).pool(threads_);
    Control control{*pool, threads_};
    throwIfFailed(env, guarded([&] { return work(control); }));
  }

  Status updateWith(UpdateCall<Real>& call, std::size_t rows, Control& control) {
    const auto loss = learner_->update(call.observations.view(), rows, call.loss, control);
    if (loss.ok()) call.value = loss.value();
    return loss.status();
  }

  std::size_t rowsOf(Napi::Env env, const TypedInput<Real>& observations) const {
    const auto width = static_cast<std::size_t>(learner_->inputs());
    const std::size_t size = observations.view().size;
    if (size != 0 && size % width == 0) return size / width;
    throw toError(env, mismatch(Code::Shape, "observations",
                                "one or more rows of " + std::to_string(width) + " values",
                                std::to_string(size) + " values"));
  }

  std::unique_ptr<Learner<Real>> learner_;
  std::size_t threads_;
};

template <class Real>
std::shared_ptr<TrainerEngine> make(Napi::Env env, const Graph& graph,
                                    const TrainerFields& fields) {
  const auto* backend = takeOrThrow(env, findBackend<Real>("cpu", fields.isa));
  return std::make_shared<TrainerEngineOf<Real>>(
      takeOrThrow(env, Learner<Real>::make(graph, fields.dqn.learner, *backend)), fields.threads);
}

}  // namespace

std::shared_ptr<TrainerEngine> makeTrainerEngine(Napi::Env env, const Graph& graph,
                                                 const TrainerFields& fields) {
  return fields.precision == Precision::Float32 ? make<float>(env, graph, fields)
                                                : make<double>(env, graph, fields);
}

}  // namespace spiq
