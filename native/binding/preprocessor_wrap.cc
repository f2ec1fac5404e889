#include "binding/preprocessor_wrap.h"

#include <string>

#include "binding/call_numbers.h"
#include "binding/fields.h"
#include "binding/frame_region_wrap.h"
#include "binding/job.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

constexpr napi_type_tag kPreprocessorTag{0x6f90d35a1be84c27, 0x81c45e7f3a2096bd};
constexpr double kMostSlotBytes = 0x1p40;

const Names<Preprocessing> kPreprocessingNames{{"patel", Preprocessing::Patel},
                                               {"mnih", Preprocessing::Mnih},
                                               {"nature", Preprocessing::Nature},
                                               {"neon", Preprocessing::Neon}};

PreprocessorOptions optionsOf(const Napi::Value& value) {
  PreprocessorOptions options;
  Fields fields(value, "preprocessor option");
  fields.required("kind", "a name");
  fields.choice("kind", options.kind, kPreprocessingNames);
  fields.integer("height", options.height, 1, kMaxFrameSide);
  fields.integer("width", options.width, 1, kMaxFrameSide);
  fields.integer("copies", options.copies, 1, kMaxFrameCopies);
  fields.text("isa", options.isa);
  fields.finish();
  return options;
}

const std::uint8_t* frameOf(const Preprocessor& preprocessor, const Napi::Value& value,
                            const char* what) {
  if (value.IsUndefined()) return nullptr;
  const View<const std::uint8_t> frame = TypedInput<std::uint8_t>(value, what).view();
  if (frame.size == preprocessor.frameBytes()) return frame.data;
  throw toError(value.Env(),
                mismatch(Code::Shape, what, std::to_string(preprocessor.frameBytes()) + " bytes",
                         std::to_string(frame.size)));
}

// Where frames lie in a region: copy k's from k * bytes on.
struct Slots {
  std::size_t bytes = 0;
  bool pairs = false;
  std::size_t before = 0;
};

Slots slotsOf(const Preprocessor& preprocessor, const Napi::Value& bytes,
              const Napi::Value& before) {
  const auto frame = static_cast<double>(preprocessor.frameBytes());
  Slots slots;
  slots.bytes = static_cast<std::size_t>(wholeOf(bytes, "bytes of a slot", frame, kMostSlotBytes));
  slots.pairs = !before.IsUndefined();
  if (slots.pairs) {
    const double most = static_cast<double>(slots.bytes) - frame;
    slots.before = static_cast<std::size_t>(wholeOf(before, "place of the frame before", 0, most));
  }
  return slots;
}

Status checkCopy(const Preprocessor& preprocessor, double copy) {
  if (copy >= 0 && copy < static_cast<double>(preprocessor.copies())) return {};
  return mismatch(Code::Range, "copy",
                  "a whole number from 0 to " + std::to_string(preprocessor.copies() - 1),
                  showNumber(copy));
}

Status checkPlace(const Preprocessor& preprocessor, std::size_t at, std::size_t size) {
  const std::size_t needed = preprocessor.observationSize();
  if (size >= needed && at <= size - needed) return {};
  return mismatch(Code::Range, "place of an observation",
                  "room for " + std::to_string(needed) + " bytes from byte " + std::to_string(at),
                  std::to_string(size) + " bytes in all");
}

Status checkBegun(const Preprocessor& preprocessor, std::size_t copy) {
  if (preprocessor.begun(copy)) return {};
  return mismatch(Code::State, "copy " + std::to_string(copy), "an episode that has begun", "none");
}

Status checkSlot(std::size_t copy, const Slots& slots, std::size_t regionBytes) {
  if ((copy + 1) * slots.bytes <= regionBytes) return {};
  return mismatch(Code::Range, "slot of copy " + std::to_string(copy),
                  "one within the " + std::to_string(regionBytes) + " bytes of the region",
                  "one that ends at " + std::to_string((copy + 1) * slots.bytes));
}

}  // namespace

Napi::Function PreprocessorWrap::define(Napi::Env env) {
  return DefineClass(env, "Preprocessor",
                     {InstanceMethod("describe", &PreprocessorWrap::describe),
                      InstanceMethod("begin", &PreprocessorWrap::take<Call::Begin>),
                      InstanceMethod("step", &PreprocessorWrap::take<Call::Step>),
                      InstanceMethod("beginFrom", &PreprocessorWrap::takeFrom<Call::Begin>),
                      InstanceMethod("stepFrom", &PreprocessorWrap::takeFrom<Call::Step>)});
}

PreprocessorWrap::PreprocessorWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<PreprocessorWrap>(info) {
  const PreprocessorOptions options = optionsOf(info[0]);
  throwIfFailed(info.Env(), guarded([&]() -> Status {
                  Result<std::unique_ptr<Preprocessor>> made = Preprocessor::create(options);
                  if (made.ok()) preprocessor_ = made.take();
                  return made.status();
                }));
  info.This().As<Napi::Object>().TypeTag(&kPreprocessorTag);
}

Preprocessor& PreprocessorWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kPreprocessorTag)) {
    throw toError(value.Env(), mismatch(Code::Argument, "preprocessor", "a native Preprocessor",
                                        spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>())->preprocessor_;
}

Napi::Value PreprocessorWrap::describe(const Napi::CallbackInfo& info) {
  const Preprocessor& preprocessor = of(info.This());
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("frameBytes", static_cast<double>(preprocessor.frameBytes()));
  Napi::Array shape = Napi::Array::New(info.Env());
  for (const std::int64_t side : preprocessor.shape())
    shape.Set(shape.Length(), static_cast<double>(side));
  object.Set("shape", shape);
  return object;
}

template <PreprocessorWrap::Call call>
Status PreprocessorWrap::observe(Preprocessor& preprocessor, std::size_t copy,
                                 const FramePair& frames, std::uint8_t* into) {
  return call == Call::Begin ? preprocessor.begin(copy, frames, into)
                             : preprocessor.step(copy, frames, into);
}

template <PreprocessorWrap::Call call>
void PreprocessorWrap::take(const Napi::CallbackInfo& info) {
  Preprocessor& preprocessor = of(info.This());
  const double most = static_cast<double>(preprocessor.copies()) - 1;
  const auto copy = static_cast<std::size_t>(wholeOf(info[0], "copy", 0, most));
  const auto at =
      static_cast<std::size_t>(wholeOf(info[4], "place of an observation", 0, kMostSlotBytes));
  const FramePair frames{frameOf(preprocessor, info[1], "newest frame"),
                         frameOf(preprocessor, info[2], "frame before")};
  if (frames.newest == nullptr) {
    throw toError(info.Env(),
                  mismatch(Code::Argument, "newest frame", "a Uint8Array", "undefined"));
  }
  const View<std::uint8_t> into = typedPlace<std::uint8_t>(info[3], "observation");
  throwIfFailed(info.Env(), checkPlace(preprocessor, at, into.size));
  if (call == Call::Step) throwIfFailed(info.Env(), checkBegun(preprocessor, copy));
  throwIfFailed(info.Env(),
                guarded([&] { return observe<call>(preprocessor, copy, frames, into.data + at); }));
}

template <PreprocessorWrap::Call call>
void PreprocessorWrap::takeFrom(const Napi::CallbackInfo& info) {
  Preprocessor& preprocessor = of(info.This());
  const std::shared_ptr<SharedFile> region = FrameRegionWrap::readable(info[0]);
  const Slots slots = slotsOf(preprocessor, info[2], info[3]);
  const View<const std::int32_t> copies = TypedInput<std::int32_t>(info[1], "copies").view();
  const View<std::uint8_t> into = typedPlace<std::uint8_t>(info[4], "observations");
  const std::size_t size = preprocessor.observationSize();
  // All of them before anything changes.
  for (std::size_t i = 0; i < copies.size; ++i) {
    throwIfFailed(info.Env(), checkCopy(preprocessor, copies[i]));
    const auto copy = static_cast<std::size_t>(copies[i]);
    throwIfFailed(info.Env(), checkPlace(preprocessor, copy * size, into.size));
    throwIfFailed(info.Env(), checkSlot(copy, slots, region->size()));
    if (call == Call::Step) throwIfFailed(info.Env(), checkBegun(preprocessor, copy));
  }
  throwIfFailed(info.Env(), guarded([&]() -> Status {
                  for (std::size_t i = 0; i < copies.size; ++i) {
                    const auto copy = static_cast<std::size_t>(copies[i]);
                    const std::uint8_t* slot = region->data() + copy * slots.bytes;
                    const FramePair frames{slot, slots.pairs ? slot + slots.before : nullptr};
                    std::uint8_t* place = into.data + copy * size;
                    Status status = observe<call>(preprocessor, copy, frames, place);
                    if (!status.ok()) return status;
                  }
                  return {};
                }));
}

}  // namespace spiq
