#include "binding/chip_wrap.h"

#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/chip_fields.h"
#include "binding/job.h"
#include "binding/names.h"

namespace spiq {

namespace {

constexpr napi_type_tag kChipTag{0x3d91f7a25c08e64b, 0x9a6e14d7b3f02c58};

const Names<Rounding> kRoundingNames{{"nearest", Rounding::Nearest},
                                     {"truncate", Rounding::Truncate}};

struct ChipCall {
  RealInput<double> observations;
  std::size_t rows = 0;
  std::size_t threads = 1;
  ChipOptions options;
  ChipResult result;
  ChipTrace trace;

  ChipCall(const Napi::Value& values, const Napi::Value& given)
      : observations(values, "observations") {
    Fields fields(given, "emulation option");
    std::int64_t rowCount = 0;
    std::int64_t threadCount = 1;
    fields.integer("rows", rowCount, 0, kMaxElements);
    fields.integer("threads", threadCount, 1, kMaxThreads);
    fields.integer("steps", options.steps, 1, kMaxChipSteps);
    fields.number("tauM", options.tauM);
    fields.choice("rounding", options.rounding, kRoundingNames);
    fields.finish();
    rows = static_cast<std::size_t>(rowCount);
    threads = static_cast<std::size_t>(threadCount);
    observations.own();
  }
};

Napi::Value resultToJs(Napi::Env env, const ChipResult& result) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("counts", toJs(env, result.counts));
  object.Set("potentials", toJs(env, result.potentials));
  object.Set("tauM", result.tauM);
  object.Set("decay", result.decay);
  object.Set("gain", result.gain);
  Napi::Array layers = Napi::Array::New(env, result.layers.size());
  for (std::uint32_t l = 0; l < result.layers.size(); ++l) {
    const ChipTally& tally = result.layers[l];
    Napi::Object layer = Napi::Object::New(env);
    layer.Set("clipped", static_cast<double>(tally.clipped));
    layer.Set("overflows", static_cast<double>(tally.overflows));
    layer.Set("largestCurrent", static_cast<double>(tally.largest) / kS1615Steps);
    layers.Set(l, layer);
  }
  object.Set("layers", layers);
  return object;
}

template <class T>
Napi::Value listsToJs(Napi::Env env, const std::vector<std::vector<T>>& lists) {
  Napi::Array array = Napi::Array::New(env, lists.size());
  for (std::uint32_t l = 0; l < lists.size(); ++l) array.Set(l, toJs(env, lists[l]));
  return array;
}

Napi::Value traceToJs(Napi::Env env, const ChipTrace& trace) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("spikes", listsToJs(env, trace.spikes));
  object.Set("potentials", listsToJs(env, trace.potentials));
  return object;
}

std::shared_ptr<JobControl> controlFor(Napi::Env env, const ChipCall& call) {
  return std::make_shared<JobControl>(AddonData::of(env).pool(call.threads), call.threads);
}

}  // namespace

Napi::Function ChipWrap::define(Napi::Env env) {
  return DefineClass(
      env, "Chip",
      {InstanceMethod("describe", &ChipWrap::describe), InstanceMethod("run", &ChipWrap::run),
       InstanceMethod("trace", &ChipWrap::trace)});
}

ChipWrap::ChipWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ChipWrap>(info) {
  const ChipSpec spec = chipFromJs(info[0]);
  const auto make = [&] {
    Result<std::unique_ptr<const Chip>> made = Chip::make(spec);
    if (made.ok()) chip_ = made.take();
    return made.status();
  };
  throwIfFailed(info.Env(), guarded(make));
  memory_.hold(info.Env(), chip_->bytes());
  info.This().As<Napi::Object>().TypeTag(&kChipTag);
}

const std::shared_ptr<const Chip>& ChipWrap::chipOf(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kChipTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "chip", "a native Chip", spiq::describe(value)));
  }
  return Unwrap(value.As<Napi::Object>())->chip_;
}

Napi::Value ChipWrap::describe(const Napi::CallbackInfo& info) {
  return chipToJs(info.Env(), *chipOf(info.This()));
}

Napi::Value ChipWrap::run(const Napi::CallbackInfo& info) {
  const auto chip = chipOf(info.This());
  const auto call = std::make_shared<ChipCall>(info[0], info[1]);
  const auto control = controlFor(info.Env(), *call);
  const auto work = [chip, call, control] {
    auto result = chip->run(call->observations.view(), call->rows, call->options, *control);
    if (result.ok()) call->result = result.take();
    return result.status();
  };
  return startJob(info.Env(), control, work,
                  [call](Napi::Env env) { return resultToJs(env, call->result); });
}

Napi::Value ChipWrap::trace(const Napi::CallbackInfo& info) {
  const auto chip = chipOf(info.This());
  const auto call = std::make_shared<ChipCall>(info[0], info[1]);
  const auto control = controlFor(info.Env(), *call);
  const auto work = [chip, call, control] {
    auto trace = chip->trace(call->observations.view(), call->options, *control);
    if (trace.ok()) call->trace = trace.take();
    return trace.status();
  };
  return startJob(info.Env(), control, work,
                  [call](Napi::Env env) { return traceToJs(env, call->trace); });
}

}  // namespace spiq
