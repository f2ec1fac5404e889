#include "binding/engine.h"

#include "backend/registry.h"
#include "binding/names.h"
#include "binding/record_fields.h"
#include "binding/results.h"
#include "binding/simulation_fields.h"

namespace spiq {

namespace {

struct EngineOptions {
  SimulationOptions simulation;
  Precision precision = Precision::Float32;
  std::int64_t threads = 1;
  std::string isa = "auto";
  std::string device = "cpu";

  explicit EngineOptions(const Napi::Value& value) {
    Fields fields(value, "simulation option");
    readSimulation(fields, simulation);
    fields.choice("precision", precision, kPrecisionNames);
    fields.integer("threads", threads, 1, kMaxThreads);
    fields.text("isa", isa);
    fields.text("device", device);
    fields.finish();
  }
};

// Everything one run needs while it is off the JavaScript thread.
template <class Real>
struct Run {
  RealInput<Real> observations;
  std::vector<std::int8_t> spikes;
  SimulationInput<Real> input;
  RecordRequest record;
  SimulationResult<Real> result;
  AnytimeRequest anytime;
  AnytimeResult<Real> seen;
  Napi::Reference<typename JsArray<Real>::Type> into;

  explicit Run(RealInput<Real> read) : observations(std::move(read)) {}
};

template <class Real>
class EngineOf final : public Engine {
 public:
  EngineOf(std::unique_ptr<Simulation<Real>> simulation, std::int64_t threads)
      : simulation_(std::move(simulation)), threads_(static_cast<std::size_t>(threads)) {}

  Napi::Value run(Napi::Env env, const std::shared_ptr<const Engine>& self, const RunCall& call,
                  bool now) const override {
    std::shared_ptr<Run<Real>> run = read(env, call);
    Leases leases;
    if (!now && run->observations.borrows() && !call.borrow) run->observations.own();
    if (!now && run->observations.borrows()) {
      leases.push_back(std::make_unique<Lease>(AddonData::of(env).leases,
                                               call.observations.As<Napi::TypedArray>(),
                                               LeaseTable::Use::Read));
    }
    if (!call.into.IsUndefined()) reserveOutput(env, call, *run, leases);
    run->input.observations = run->observations.view();
    auto control = std::make_shared<JobControl>(AddonData::of(env).pool(threads_), threads_);
    // `self` keeps the plan alive while the job runs.
    const auto work = [this, self, run, control] {
      Result<SimulationResult<Real>> result =
          simulation_->run(run->input, run->record, run->anytime, run->seen, *control);
      if (result.ok()) run->result = result.take();
      return result.status();
    };
    const auto finish = [this, self, run](Napi::Env e) { return toResult(e, *run); };
    if (now) return runNow(env, work, finish);
    return startJob(env, control, work, finish, std::move(leases));
  }

  void runInto(const Napi::CallbackInfo& info) const override {
    const Napi::Env env = info.Env();
    const View<Real> observations = realsOf(info[0], "observations", LeaseTable::Use::Read);
    const View<Real> out = realsOf(info[1], "out", LeaseTable::Use::Write);
    const auto size = static_cast<std::size_t>(simulation_->observationSize());
    const auto width = static_cast<std::size_t>(plan().outputs());
    SimulationInput<Real> input;
    input.observations = {observations.data, observations.size};
    input.rows = observations.size / size;
    if (input.rows * size != observations.size || out.size != input.rows * width) {
      throw toError(
          env,
          mismatch(Code::Shape, "observations and out",
                   "rows of " + std::to_string(size) + " values and of " + std::to_string(width),
                   std::to_string(observations.size) + " values and " + std::to_string(out.size)));
    }
    if (info.Length() > 2) {
      input.firstObservation = static_cast<std::uint64_t>(info[2].ToNumber().Int64Value());
      input.seed = static_cast<std::uint64_t>(info[3].ToNumber().Int64Value());
    }
    const std::shared_ptr<ThreadPool> pool = AddonData::of(env).pool(threads_);
    Control control{*pool, threads_};
    RecordRequest nothing;
    nothing.totals = false;
    const auto work = [&] {
      const auto result = simulation_->run(input, nothing, control);
      if (result.ok()) std::copy(result.value().out.begin(), result.value().out.end(), out.data);
      return result.status();
    };
    throwIfFailed(env, guarded(work));
  }

  std::shared_ptr<StreamEngine> stream(Napi::Env env, const std::shared_ptr<const Engine>& self,
                                       const Napi::Value& options) const override {
    return makeStreamEngine(env, self, *simulation_, threads_, options);
  }

  std::size_t bytes() const override { return simulation_->bytes(); }

  Napi::Value describe(Napi::Env env) const override {
    Napi::Object object = Napi::Object::New(env);
    object.Set("observationSize", static_cast<double>(simulation_->observationSize()));
    object.Set("encodedSize", static_cast<double>(plan().inputs()));
    object.Set("outputSize", static_cast<double>(plan().outputs()));
    Napi::Array layers = Napi::Array::New(env, plan().neurons.size());
    for (std::uint32_t i = 0; i < plan().neurons.size(); ++i) {
      const NeuronOp<Real>& neuron = plan().neuron(i);
      Napi::Object layer = Napi::Object::New(env);
      layer.Set("name", neuron.name);
      const std::size_t value = plan().operations[plan().neurons[i]].to;
      layer.Set("units", static_cast<double>(plan().layoutOf(value).units()));
      layer.Set("fires", neuron.params.fires);
      layers.Set(i, layer);
    }
    object.Set("layers", layers);
    return object;
  }

 private:
  static View<Real> realsOf(const Napi::Value& value, const char* what, LeaseTable::Use use) {
    napi_typedarray_type type = napi_int8_array;
    std::size_t size = 0;
    void* data = nullptr;
    constexpr napi_typedarray_type wanted =
        std::is_same_v<Real, float> ? napi_float32_array : napi_float64_array;
    const napi_status status =
        napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr);
    if (status != napi_ok || type != wanted) {
      throw toError(value.Env(),
                    mismatch(Code::Argument, what,
                             std::is_same_v<Real, float> ? "a Float32Array" : "a Float64Array",
                             spiq::describe(value)));
    }
    const auto* begin = static_cast<const std::uint8_t*>(data);
    AddonData::of(value.Env()).leases.check(value.Env(), {begin, begin + size * sizeof(Real), use});
    return {static_cast<Real*>(data), size};
  }

  std::shared_ptr<Run<Real>> read(Napi::Env env, const RunCall& call) const {
    const Napi::Value none = JsArray<Real>::Type::New(env, 0);
    auto run = std::make_shared<Run<Real>>(RealInput<Real>(
        call.observations.IsUndefined() ? none : call.observations, "observations"));
    run->record = call.record;
    run->anytime = call.anytime;
    run->input.rows = static_cast<std::size_t>(call.rows);
    run->input.seed = static_cast<std::uint64_t>(call.seed);
    run->input.firstObservation = static_cast<std::uint64_t>(call.firstObservation);
    if (!call.spikes.IsUndefined()) readSpikes(env, call, *run);
    return run;
  }

  void readSpikes(Napi::Env env, const RunCall& call, Run<Real>& run) const {
    if (!call.spikes.IsTypedArray() ||
        call.spikes.As<Napi::TypedArray>().TypedArrayType() != napi_int8_array) {
      throw toError(env, mismatch(Code::Argument, "input spikes", "an Int8Array",
                                  spiq::describe(call.spikes)));
    }
    const auto array = call.spikes.As<Napi::Int8Array>();
    const double expected = static_cast<double>(call.spikeSteps) * static_cast<double>(call.rows) *
                            static_cast<double>(plan().inputs());
    if (static_cast<double>(array.ElementLength()) != expected) {
      throw toError(
          env, mismatch(Code::Shape, "input spikes",
                        std::to_string(call.spikeSteps) + " steps of " + std::to_string(call.rows) +
                            " rows of " + std::to_string(plan().inputs()) + " inputs",
                        std::to_string(array.ElementLength()) + " values"));
    }
    run.spikes.assign(array.Data(), array.Data() + array.ElementLength());
    run.input.given = {run.spikes.data(), static_cast<std::size_t>(call.spikeSteps)};
  }

  void reserveOutput(Napi::Env env, const RunCall& call, Run<Real>& run, Leases& leases) const {
    const auto size = static_cast<std::size_t>(call.rows * plan().outputs());
    constexpr napi_typedarray_type type =
        std::is_same_v<Real, float> ? napi_float32_array : napi_float64_array;
    if (!call.into.IsTypedArray() || call.into.As<Napi::TypedArray>().TypedArrayType() != type ||
        call.into.As<Napi::TypedArray>().ElementLength() != size) {
      throw toError(env, mismatch(Code::Argument, "into",
                                  std::string(std::is_same_v<Real, float> ? "a Float32Array"
                                                                          : "a Float64Array") +
                                      " of " + std::to_string(size) + " values",
                                  spiq::describe(call.into)));
    }
    const auto array = call.into.As<typename JsArray<Real>::Type>();
    leases.push_back(
        std::make_unique<Lease>(AddonData::of(env).leases, array, LeaseTable::Use::Write));
    run.into = Napi::Reference<typename JsArray<Real>::Type>::New(array, 1);
  }

  static Napi::Value outputs(Napi::Env env, Run<Real>& run) {
    if (run.into.IsEmpty()) return toJs(env, run.result.out);
    auto array = run.into.Value();
    if (array.ElementLength() != run.result.out.size()) {
      throw toError(
          env, mismatch(Code::State, "into", "an array that stays as it was while the job runs",
                        "one that was transferred away"));
    }
    std::memcpy(array.Data(), run.result.out.data(), run.result.out.size() * sizeof(Real));
    run.into.Reset();
    return array;
  }

  Napi::Value toResult(Napi::Env env, Run<Real>& run) const {
    Napi::Object object = recordToJs(env, run.result, run.record);
    object.Set("out", outputs(env, run));
    if (run.anytime.wanted()) object.Set("anytime", anytimeToJs(env, run.seen));
    return object;
  }

  const Plan<Real>& plan() const { return simulation_->plan(); }

  std::unique_ptr<Simulation<Real>> simulation_;
  std::size_t threads_;
};

template <class Real>
std::shared_ptr<const Engine> make(Napi::Env env, const Graph& graph,
                                   const EngineOptions& options) {
  const Backend<Real>* backend = takeOrThrow(env, findBackend<Real>(options.device, options.isa));
  return std::make_shared<EngineOf<Real>>(
      takeOrThrow(env, Simulation<Real>::make(graph, options.simulation, *backend)),
      options.threads);
}

}  // namespace

RunCall::RunCall(const Napi::Value& options) {
  Fields fields(options, "run option");
  observations = fields.value("observations");
  spikes = fields.value("spikes");
  into = fields.value("into");
  fields.integer("rows", rows, 1, kMaxElements);
  fields.integer("spikeSteps", spikeSteps, 0, kMaxSteps);
  fields.integer("seed", seed, 0, kMaxSafeInteger);
  fields.integer("firstObservation", firstObservation, 0, kMaxSafeInteger);
  fields.boolean("borrow", borrow);
  readRecord(fields.value("record"), record);
  readAnytime(fields.value("anytime"), anytime);
  fields.finish();
}

std::shared_ptr<const Engine> makeEngine(Napi::Env env, const Graph& graph,
                                         const Napi::Value& options) {
  const EngineOptions read(options);
  return read.precision == Precision::Float32 ? make<float>(env, graph, read)
                                              : make<double>(env, graph, read);
}

}  // namespace spiq
