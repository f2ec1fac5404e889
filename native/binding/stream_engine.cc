#include "binding/stream_engine.h"

#include "binding/addon_data.h"
#include "binding/busy.h"
#include "binding/engine.h"
#include "binding/record_fields.h"
#include "binding/results.h"

namespace spiq {

namespace {

constexpr std::int64_t kMaxRows = std::int64_t{1} << 31;

// What one step needs while it is off the JavaScript thread.
template <class Real>
struct Step {
  RealInput<Real> observations;
  std::vector<std::int8_t> spikes;
  GivenSpikes given;
  std::int64_t steps = 0;
  RecordRequest record;
  SimulationResult<Real> result;
};

template <class Real>
class StreamEngineOf final : public StreamEngine {
 public:
  StreamEngineOf(std::shared_ptr<const Engine> engine, const Simulation<Real>& simulation,
                 std::unique_ptr<RowStream<Real>> stream, std::size_t threads)
      : engine_(std::move(engine)),
        simulation_(simulation),
        stream_(std::move(stream)),
        threads_(threads) {}

  Napi::Value step(Napi::Env env, const std::shared_ptr<StreamEngine>& self, const StepCall& call,
                   bool now) override {
    const std::shared_ptr<Step<Real>> step = read(env, call);
    if (!now && step->observations.borrows()) step->observations.own();
    auto control = std::make_shared<JobControl>(AddonData::of(env).pool(threads_), threads_);
    const auto work = [this, self, step, control, now] {
      const Use use(busy_);
      Result<SimulationResult<Real>> result = stream_->step(
          step->observations.view(), step->given, step->steps, step->record, !now, *control);
      if (result.ok()) step->result = result.take();
      return result.status();
    };
    const auto finish = [step](Napi::Env e) -> Napi::Value {
      return recordToJs(e, step->result, step->record);
    };
    if (now) return runNow(env, work, finish);
    busy_ = true;
    return startJob(env, control, work, finish);
  }

  Napi::Value decode(Napi::Env env) override {
    return toJs(env, takeOrThrow(env, stream_->decode()));
  }

  Napi::Value save(Napi::Env env) override { return toJs(env, stream_->save()); }

  void restore(const Napi::Value& bytes) override {
    const Napi::Env env = bytes.Env();
    if (!bytes.IsTypedArray() ||
        bytes.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
      throw toError(env,
                    mismatch(Code::Argument, "state of a stream", "a Uint8Array", describe(bytes)));
    }
    const auto array = bytes.As<Napi::Uint8Array>();
    const std::shared_ptr<ThreadPool> pool = AddonData::of(env).pool(threads_);
    Control control{*pool, threads_};
    throwIfFailed(env, guarded([&] {
                    return stream_->restore(array.Data(), array.ElementLength(), control);
                  }));
  }

  void reset() override { stream_->restart(); }
  void carry() override { stream_->carry(); }
  double steps() const override { return static_cast<double>(stream_->steps()); }

 private:
  std::shared_ptr<Step<Real>> read(Napi::Env env, const StepCall& call) const {
    const Napi::Value none = JsArray<Real>::Type::New(env, 0);
    auto step = std::make_shared<Step<Real>>(Step<Real>{
        RealInput<Real>(call.observations.IsUndefined() ? none : call.observations, "observations"),
        {},
        {},
        call.steps,
        call.record,
        {}});
    if (call.spikes.IsUndefined()) return step;
    if (!call.spikes.IsTypedArray() ||
        call.spikes.As<Napi::TypedArray>().TypedArrayType() != napi_int8_array) {
      throw toError(
          env, mismatch(Code::Argument, "input spikes", "an Int8Array", describe(call.spikes)));
    }
    const auto array = call.spikes.As<Napi::Int8Array>();
    const auto inputs = static_cast<std::size_t>(simulation_.plan().inputs());
    const double expected = static_cast<double>(call.steps) * static_cast<double>(stream_->rows()) *
                            static_cast<double>(inputs);
    if (static_cast<double>(array.ElementLength()) != expected) {
      throw toError(env, mismatch(Code::Shape, "input spikes",
                                  std::to_string(call.steps) + " steps of " +
                                      std::to_string(stream_->rows()) + " rows of " +
                                      std::to_string(inputs) + " inputs",
                                  std::to_string(array.ElementLength()) + " values"));
    }
    step->spikes.assign(array.Data(), array.Data() + array.ElementLength());
    step->given = {step->spikes.data(), static_cast<std::size_t>(call.steps)};
    return step;
  }

  std::shared_ptr<const Engine> engine_;
  const Simulation<Real>& simulation_;
  std::unique_ptr<RowStream<Real>> stream_;
  std::size_t threads_;
};

}  // namespace

StepCall::StepCall(const Napi::Value& options) {
  Fields fields(options, "step option");
  observations = fields.value("observations");
  spikes = fields.value("spikes");
  fields.integer("steps", steps, 1, kMaxSteps);
  readRecord(fields.value("record"), record);
  fields.finish();
  record.output = true;
}

template <class Real>
std::shared_ptr<StreamEngine> makeStreamEngine(Napi::Env env, std::shared_ptr<const Engine> engine,
                                               const Simulation<Real>& simulation,
                                               std::size_t threads, const Napi::Value& options) {
  Fields fields(options, "stream option");
  std::int64_t rows = 1;
  std::int64_t seed = 0;
  std::int64_t firstObservation = 0;
  fields.integer("rows", rows, 1, kMaxRows);
  fields.integer("seed", seed, 0, kMaxSafeInteger);
  fields.integer("firstObservation", firstObservation, 0, kMaxSafeInteger);
  fields.finish();
  const StreamOptions read{static_cast<std::size_t>(rows), static_cast<std::uint64_t>(seed),
                           static_cast<std::uint64_t>(firstObservation)};
  return std::make_shared<StreamEngineOf<Real>>(
      std::move(engine), simulation,
      takeOrThrow(env, RowStream<Real>::make(simulation, read, threads)), threads);
}

template std::shared_ptr<StreamEngine> makeStreamEngine<float>(Napi::Env,
                                                               std::shared_ptr<const Engine>,
                                                               const Simulation<float>&,
                                                               std::size_t, const Napi::Value&);
template std::shared_ptr<StreamEngine> makeStreamEngine<double>(Napi::Env,
                                                                std::shared_ptr<const Engine>,
                                                                const Simulation<double>&,
                                                                std::size_t, const Napi::Value&);

}  // namespace spiq
