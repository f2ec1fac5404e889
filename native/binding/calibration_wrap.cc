#include "binding/calibration_wrap.h"

#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/graph_codec.h"
#include "binding/graph_wrap.h"
#include "binding/job.h"
#include "binding/names.h"
#include "binding/refine_call.h"
#include "binding/scale_call.h"
#include "core/convert/refine/draft.h"
#include "core/convert/to_spiking.h"

namespace spiq {

namespace {

constexpr napi_type_tag kCalibrationTag{0x5e0b3c41d7f2694a, 0xb7821f6c93a05ed4};

const Names<LinearLayers> kLinearLayersNames{{"spikes", LinearLayers::Spikes},
                                             {"values", LinearLayers::Values}};

struct Conversion {
  std::vector<Scales> scales;
  NeuronSpec neurons;
  std::optional<MaxPools> maxPools;  // otherwise what each pool says
  Graph graph;

  explicit Conversion(const Napi::Value& options) {
    Fields fields(options, "convert option");
    std::int64_t burst = 1;
    scales = scalesFromJs(fields.required("scales", "an array of Float64Arrays"));
    fields.number("initial", neurons.initial);
    fields.integer("burst", burst, 1, kMaxBurst);
    fields.choice("maxPool", maxPools, maxPoolsNames());
    fields.finish();
    neurons.burst = static_cast<int>(burst);
  }

  Status run(const Graph& prepared) {
    auto draft = draftOf(prepared, scales, neurons, maxPools);
    if (!draft.ok()) return draft.status();
    graph = std::move(draft.value().graph);
    scales = std::move(draft.value().scales);
    return {};
  }
};

}  // namespace

Napi::Function CalibrationWrap::define(Napi::Env env) {
  return DefineClass(env, "Calibration",
                     {InstanceMethod("sites", &CalibrationWrap::sites),
                      InstanceMethod("add", &CalibrationWrap::add),
                      InstanceMethod("activations", &CalibrationWrap::activations),
                      InstanceMethod("scales", &CalibrationWrap::scales),
                      InstanceMethod("convert", &CalibrationWrap::convert),
                      InstanceMethod("refine", &CalibrationWrap::refine)});
}

CalibrationWrap::CalibrationWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<CalibrationWrap>(info), state_(std::make_shared<State>()) {
  const auto source = GraphWrap::graphOf(info[0]);
  Fields fields(info[1], "calibration option");
  LinearLayers linear = LinearLayers::Spikes;
  bool histograms = true;
  fields.choice("linearLayers", linear, kLinearLayersNames);
  fields.boolean("histograms", histograms);
  fields.finish();
  auto prepared = std::make_shared<Graph>(takeOrThrow(info.Env(), prepare(*source, linear)));
  // First the cheap refusal of what cannot be spiking, then the statistics.
  throwIfFailed(info.Env(), toSpiking(*prepared, NeuronSpec()).status());
  const auto detail = histograms ? Statistics::Detail::Histograms : Statistics::Detail::RowMaxima;
  state_->prepared = prepared;
  state_->statistics = takeOrThrow(info.Env(), Statistics::start(prepared, detail));
  info.This().As<Napi::Object>().TypeTag(&kCalibrationTag);
}

std::shared_ptr<CalibrationWrap::State> CalibrationWrap::stateOf(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kCalibrationTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "calibration", "a native Calibration", describe(value)));
  }
  const auto state = Unwrap(value.As<Napi::Object>())->state_;
  if (state->busy) {
    throw toError(value.Env(), mismatch(Code::State, "calibration", "one call at a time",
                                        "another while one goes on"));
  }
  return state;
}

Napi::Value CalibrationWrap::sites(const Napi::CallbackInfo& info) {
  const auto state = stateOf(info.This());
  Napi::Array array = Napi::Array::New(info.Env());
  for (const Site& site : state->statistics->sites()) {
    Napi::Object object = Napi::Object::New(info.Env());
    object.Set("name", site.name);
    object.Set("readout", site.readout);
    object.Set("channels", static_cast<double>(site.channels));
    object.Set("units", static_cast<double>(site.units));
    object.Set("signed", site.leaks);
    array.Set(array.Length(), object);
  }
  return array;
}

template <class Work, class Deliver>
Napi::Value CalibrationWrap::startRows(const Napi::CallbackInfo& info, const Work& work,
                                       const Deliver& deliver) {
  const auto state = stateOf(info.This());
  auto observations = std::make_shared<RealInput<double>>(info[0], "calibration observations");
  Fields fields(info[1], "calibration call");
  std::int64_t rows = 0;
  std::int64_t threads = 1;
  fields.integer("rows", rows, 0, kMaxElements);
  fields.integer("threads", threads, 1, kMaxThreads);
  fields.finish();
  observations->own();
  state->busy = true;
  const auto count = static_cast<std::size_t>(threads);
  auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(count), count);
  // Whatever happens, the calibration is free again once the job is gone.
  const std::shared_ptr<void> release(nullptr, [state](void*) { state->busy = false; });
  return startJob(
      info.Env(), control,
      [=] {
        return work(*state->statistics, observations->view(), static_cast<std::size_t>(rows),
                    *control);
      },
      [state, release, deliver](Napi::Env env) -> Napi::Value {
        state->busy = false;
        return deliver(env);
      });
}

Napi::Value CalibrationWrap::add(const Napi::CallbackInfo& info) {
  return startRows(
      info,
      [](Statistics& statistics, View<const double> observations, std::size_t rows,
         Control& control) { return statistics.add(observations, rows, control); },
      [](Napi::Env env) { return env.Undefined(); });
}

Napi::Value CalibrationWrap::activations(const Napi::CallbackInfo& info) {
  auto found = std::make_shared<std::vector<std::vector<float>>>();
  return startRows(
      info,
      [found](const Statistics& statistics, View<const double> observations, std::size_t rows,
              Control& control) {
        return statistics.activations(observations, rows, *found, control);
      },
      [found](Napi::Env env) -> Napi::Value {
        Napi::Array array = Napi::Array::New(env, found->size());
        for (std::uint32_t s = 0; s < found->size(); ++s) array.Set(s, toJs(env, (*found)[s]));
        return array;
      });
}

Napi::Value CalibrationWrap::scales(const Napi::CallbackInfo& info) {
  const auto state = stateOf(info.This());
  const ScaleCall call(info[0]);
  return scalesToJs(info.Env(),
                    takeOrThrow(info.Env(), call.run(*state->prepared, *state->statistics)));
}

Napi::Value CalibrationWrap::convert(const Napi::CallbackInfo& info) {
  const auto state = stateOf(info.This());
  auto conversion = std::make_shared<Conversion>(info[0]);
  auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(1), 1);
  return startJob(
      info.Env(), control, [=] { return conversion->run(*state->prepared); },
      [=](Napi::Env env) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("graph", graphToJs(env, conversion->graph));
        result.Set("scales", scalesToJs(env, conversion->scales));
        return result;
      });
}

Napi::Value CalibrationWrap::refine(const Napi::CallbackInfo& info) {
  const auto state = stateOf(info.This());
  auto call = std::make_shared<RefineCall>(info[0], info[1], *state->prepared);
  auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(call->threads()),
                                              call->threads());
  return startJob(
      info.Env(), control, [=] { return call->run(*state->prepared, *control); },
      [=](Napi::Env env) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("graph", graphToJs(env, call->refined().graph));
        result.Set("scales", scalesToJs(env, call->refined().scales));
        return result;
      });
}

}  // namespace spiq
