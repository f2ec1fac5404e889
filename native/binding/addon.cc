#include <napi.h>

#include "base/cuda_probe.h"
#include "base/isa.h"
#include "binding/addon_data.h"
#include "binding/calibration_wrap.h"
#include "binding/chip_wrap.h"
#include "binding/frame_region_wrap.h"
#include "binding/graph_wrap.h"
#include "binding/names.h"
#include "binding/preprocessor_wrap.h"
#include "binding/q_trainer_wrap.h"
#include "binding/replay_wrap.h"
#include "binding/simulator_wrap.h"
#include "binding/stream_wrap.h"
#include "binding/trainer_wrap.h"

namespace spiq {

namespace {

#if defined(__clang__)
constexpr const char* kCompiler = "Clang " __clang_version__;
#else
constexpr const char* kCompiler = "GCC " __VERSION__;
#endif

template <class E>
Napi::Array namesToJs(Napi::Env env, const Names<E>& names) {
  Napi::Array array = Napi::Array::New(env, names.size());
  for (std::uint32_t i = 0; i < names.size(); ++i) array.Set(i, names[i].first);
  return array;
}

// What this build and machine offer: versions, instruction sets, threads, and the names of options.
Napi::Value info(const Napi::CallbackInfo& call) {
  const Napi::Env env = call.Env();
  Napi::Object object = Napi::Object::New(env);
  object.Set("version", SPIQ_VERSION);
  object.Set("compiler", kCompiler);
  object.Set("threads", static_cast<double>(hardwareThreads()));
  Napi::Array isas = Napi::Array::New(env);
  for (const Isa isa : availableIsas()) isas.Set(isas.Length(), isaName(isa));
  object.Set("isas", isas);
  const CudaProbe probe = probeCuda();
  Napi::Object cuda = Napi::Object::New(env);
  cuda.Set("devices", probe.devices);
  cuda.Set("note", probe.note);
  object.Set("cuda", cuda);
  object.Set("semantics", namesToJs(env, kSemanticsNames));
  object.Set("resets", namesToJs(env, kResetNames));
  object.Set("encodings", namesToJs(env, kEncodingNames));
  object.Set("decodings", namesToJs(env, kDecodingNames));
  Napi::Array codes = Napi::Array::New(env);
  for (int code = static_cast<int>(Code::Argument); code <= static_cast<int>(Code::Internal);
       ++code) {
    codes.Set(codes.Length(), codeName(static_cast<Code>(code)));
  }
  object.Set("errorCodes", codes);
  return object;
}

// Ends all jobs. For the 'exit' event of a process, which runs no clean-up hooks.
void stop(const Napi::CallbackInfo& call) {
  AddonData::of(call.Env()).jobs.stop();
}

Napi::Object start(Napi::Env env, Napi::Object exports) {
  auto* data = new AddonData();
  env.SetInstanceData(data);
  env.AddCleanupHook([](AddonData* ending) { ending->jobs.stop(); }, data);
  exports.Set("Calibration", CalibrationWrap::define(env));
  exports.Set("Chip", ChipWrap::define(env));
  exports.Set("FrameRegion", FrameRegionWrap::define(env));
  exports.Set("Graph", GraphWrap::define(env));
  exports.Set("Preprocessor", PreprocessorWrap::define(env));
  exports.Set("QTrainer", QTrainerWrap::define(env));
  exports.Set("Replay", ReplayWrap::define(env));
  exports.Set("replayFile", Napi::Function::New(env, replayFile, "replayFile"));
  exports.Set("Simulator", SimulatorWrap::define(env));
  exports.Set("Stream", StreamWrap::define(env));
  exports.Set("Trainer", TrainerWrap::define(env));
  exports.Set("info", Napi::Function::New(env, info, "info"));
  exports.Set("stop", Napi::Function::New(env, stop, "stop"));
  return exports;
}

}  // namespace

}  // namespace spiq

static Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  return spiq::start(env, exports);
}

NODE_API_MODULE(spiq, initialise)
