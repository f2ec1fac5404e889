#include "binding/replay_wrap.h"

#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/job.h"
#include "binding/names.h"
#include "binding/replay_calls.h"
#include "binding/typed_input.h"
#include "core/replay/frame_codec.h"
#include "core/replay/replay_file.h"

namespace spiq {

namespace {

constexpr napi_type_tag kReplayTag{0x91b7e24d5c0a36f8, 0xd2650f9ae8b3417c};

constexpr const char* kWhat = "replay";

const Names<FrameType> kFrameTypeNames{
    {"float32", FrameType::Float32}, {"uint8", FrameType::Uint8}, {"bits", FrameType::Bits}};
const Names<FrameOrder> kFrameOrderNames{{"oldest-first", FrameOrder::OldestFirst},
                                         {"newest-first", FrameOrder::NewestFirst}};
const Names<FramePadding> kFramePaddingNames{
    {"zeros", FramePadding::Zeros}, {"repeat", FramePadding::Repeat}, {"skip", FramePadding::Skip}};

constexpr std::int64_t kMostSafe = (std::int64_t{1} << 53) - 1;

void readObservation(const Napi::Value& value, ReplayOptions& options) {
  Fields fields(value, "replay option 'observation'");
  fields.required("size", "a whole number");
  fields.integer("size", options.size, 1, kMaxFrameSize);
  fields.choice("dtype", options.type, kFrameTypeNames);
  fields.integer("stack", options.stack, 1, kMaxReplayStack);
  fields.choice("order", options.order, kFrameOrderNames);
  fields.choice("padding", options.padding, kFramePaddingNames);
  fields.finish();
}

Prioritising prioritisingOf(const Napi::Value& value) {
  Prioritising chosen;
  std::int64_t batches = 0;
  Fields fields(value, "replay option 'prioritised'");
  fields.number("alpha", chosen.alpha);
  fields.number("betaFrom", chosen.betaFrom);
  fields.number("betaTo", chosen.betaTo);
  fields.integer("betaBatches", batches, 0, kMostSafe);
  fields.number("epsilon", chosen.epsilon);
  fields.finish();
  chosen.betaBatches = static_cast<std::uint64_t>(batches);
  return chosen;
}

ReplayOptions optionsOf(const Napi::Value& value, std::int64_t& threads) {
  ReplayOptions options;
  std::int64_t seed = 0;
  Fields fields(value, "replay option");
  fields.required("capacity", "a whole number");
  fields.integer("capacity", options.capacity, 1, kMaxReplayCapacity);
  readObservation(fields.required("observation", "an object"), options);
  fields.integer("nStep", options.nStep, 1, kMaxNStep);
  fields.number("gamma", options.gamma);
  fields.boolean("replacement", options.replacement);
  const Napi::Value prioritised = fields.value("prioritised");
  if (!prioritised.IsUndefined()) options.prioritised = prioritisingOf(prioritised);
  fields.integer("seed", seed, 0, kMostSafe);
  fields.text("file", options.file);
  fields.boolean("readOnly", options.readOnly);
  fields.integer("threads", threads, 1, kMaxThreads);
  fields.finish();
  options.seed = static_cast<std::uint64_t>(seed);
  return options;
}

Napi::Object bytesToJs(Napi::Env env, const ReplayBytes& bytes) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("frames", static_cast<double>(bytes.frames));
  object.Set("rows", static_cast<double>(bytes.rows));
  object.Set("priorities", static_cast<double>(bytes.priorities));
  return object;
}

}  // namespace

template <ReplayWrap::Call call>
Napi::Value ReplayWrap::bound(const Napi::CallbackInfo& info) {
  const auto function = [slot = of(info.This()).slot_](const Napi::CallbackInfo& arguments) {
    return call(*idle(arguments.Env(), slot, kWhat), arguments);
  };
  return Napi::Function::New(info.Env(), function);
}

Napi::Function ReplayWrap::define(Napi::Env env) {
  return DefineClass(
      env, "Replay",
      {InstanceMethod("boundBegin", &ReplayWrap::bound<replayBegin>),
       InstanceMethod("boundAdd", &ReplayWrap::bound<replayAdd>),
       InstanceMethod("boundState", &ReplayWrap::bound<replayCurrent>),
       InstanceMethod("boundSample", &ReplayWrap::bound<replaySample>),
       InstanceMethod("boundList", &ReplayWrap::bound<replayList>),
       InstanceMethod("boundSetPriorities", &ReplayWrap::bound<replaySetPriorities>),
       InstanceMethod("boundSize", &ReplayWrap::bound<replaySize>),
       InstanceMethod("boundRows", &ReplayWrap::bound<replayRows>),
       InstanceMethod("boundBeta", &ReplayWrap::bound<replayBeta>),
       InstanceMethod("bytes", &ReplayWrap::bytes),
       InstanceMethod("saveBlocks", &ReplayWrap::saveBlocks),
       InstanceMethod("saveBlock", &ReplayWrap::saveBlock),
       InstanceMethod("restoreBlock", &ReplayWrap::restoreBlock),
       InstanceMethod("flush", &ReplayWrap::flush), InstanceMethod("verify", &ReplayWrap::verify),
       InstanceMethod("close", &ReplayWrap::close)});
}

ReplayWrap::ReplayWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<ReplayWrap>(info) {
  const Napi::Env env = info.Env();
  auto threads = static_cast<std::int64_t>(hardwareThreads());
  const ReplayOptions options = optionsOf(info[0], threads);
  auto state = std::make_shared<ReplayState>();
  state->replay = takeOrThrow(env, Replay::create(options));
  state->frame.resize(state->replay->frameBytes());
  const auto count = static_cast<std::size_t>(threads);
  if (count > 1) state->replay->share(AddonData::of(env).pool(count), count);
  slot_ = std::make_shared<std::shared_ptr<ReplayState>>(std::move(state));
  info.This().As<Napi::Object>().TypeTag(&kReplayTag);
}

ReplayWrap& ReplayWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kReplayTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, kWhat, "a native Replay", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

const std::shared_ptr<ReplayState>& ReplayWrap::stateOf(const Napi::Value& value) {
  return idle(value.Env(), of(value).slot_, kWhat);
}

Napi::Value ReplayWrap::bytes(const Napi::CallbackInfo& info) {
  const Replay& replay = *stateOf(info.This())->replay;
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("inUse", bytesToJs(info.Env(), replay.bytesInUse()));
  object.Set("atMost", bytesToJs(info.Env(), replay.bytesAtMost()));
  return object;
}

Napi::Value ReplayWrap::saveBlocks(const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(),
                           static_cast<double>(stateOf(info.This())->replay->saveBlocks()));
}

Napi::Value ReplayWrap::saveBlock(const Napi::CallbackInfo& info) {
  const auto number = static_cast<std::uint64_t>(info[0].ToNumber().Int64Value());
  return toJs(info.Env(), stateOf(info.This())->replay->saveBlock(number));
}

void ReplayWrap::restoreBlock(const Napi::CallbackInfo& info) {
  const TypedInput<std::uint8_t> bytes(info[0], "state of a replay");
  const auto state = stateOf(info.This());
  throwIfFailed(info.Env(), guarded([&] {
                  return state->replay->restoreBlock(bytes.view().data, bytes.view().size,
                                                     info[1].ToBoolean());
                }));
}

void ReplayWrap::flush(const Napi::CallbackInfo& info) {
  throwIfFailed(info.Env(), stateOf(info.This())->replay->flush());
}

void ReplayWrap::verify(const Napi::CallbackInfo& info) {
  throwIfFailed(info.Env(), stateOf(info.This())->replay->verify());
}

void ReplayWrap::close(const Napi::CallbackInfo& info) {
  const auto& slot = of(info.This()).slot_;
  if (*slot == nullptr) return;
  const Status status = idle(info.Env(), slot, kWhat)->replay->flush();
  *slot = nullptr;
  throwIfFailed(info.Env(), status);
}

Napi::Value replayFile(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  const std::string path = info[0].ToString().Utf8Value();
  const FileDimensions found = takeOrThrow(env, replayFileDimensions(path));
  Napi::Object object = Napi::Object::New(env);
  object.Set("capacity", static_cast<double>(found.capacity));
  object.Set("size", static_cast<double>(found.size));
  object.Set("dtype", frameTypeName(found.type));
  return object;
}

}  // namespace spiq
