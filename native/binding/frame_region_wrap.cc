#include "binding/frame_region_wrap.h"

#include <cstring>
#include <limits>

#include "binding/call_numbers.h"
#include "binding/errors.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

constexpr napi_type_tag kFrameRegionTag{0x3c1fa86e07d2495b, 0xa47e12c9560bd83f};
constexpr double kMostBytes = 0x1p40;
constexpr const char* kWhat = "frame region";

}  // namespace

Napi::Function FrameRegionWrap::define(Napi::Env env) {
  return DefineClass(env, "FrameRegion",
                     {InstanceMethod("read", &FrameRegionWrap::read),
                      InstanceMethod("close", &FrameRegionWrap::close)});
}

FrameRegionWrap::FrameRegionWrap(const Napi::CallbackInfo& info)
    : Napi::ObjectWrap<FrameRegionWrap>(info) {
  const auto bytes =
      static_cast<std::size_t>(wholeOf(info[1], "bytes of a frame region", 1, kMostBytes));
  if (info[0].IsString()) {
    const std::string path = info[0].As<Napi::String>().Utf8Value();
    file_ = takeOrThrow(info.Env(), SharedFile::open(path, bytes));
  } else if (info[0].IsNumber()) {
    const std::int64_t descriptor =
        wholeOf(info[0], "file descriptor", 0, std::numeric_limits<int>::max());
    file_ = takeOrThrow(info.Env(), SharedFile::ofDescriptor(static_cast<int>(descriptor), bytes));
  } else {
    throw toError(info.Env(), mismatch(Code::Argument, "file of a frame region",
                                       "a path or a file descriptor", describe(info[0])));
  }
  info.This().As<Napi::Object>().TypeTag(&kFrameRegionTag);
}

FrameRegionWrap& FrameRegionWrap::of(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kFrameRegionTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, kWhat, "a native FrameRegion", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

std::shared_ptr<SharedFile> FrameRegionWrap::readable(const Napi::Value& value) {
  std::shared_ptr<SharedFile> file = of(value).file_;
  if (file == nullptr)
    throw toError(value.Env(), mismatch(Code::State, kWhat, "an open one", "a closed one"));
  throwIfFailed(value.Env(), file->checkSize());
  return file;
}

void FrameRegionWrap::read(const Napi::CallbackInfo& info) {
  const std::shared_ptr<SharedFile> file = readable(info.This());
  const auto size = static_cast<double>(file->size());
  const auto offset = static_cast<std::size_t>(wholeOf(info[0], "offset", 0, size));
  const View<std::uint8_t> into = typedPlace<std::uint8_t>(info[1], "bytes of a frame region");
  if (into.size > file->size() - offset) {
    throw toError(info.Env(), mismatch(Code::Range, "bytes of a frame region",
                                       "at most " + std::to_string(file->size() - offset) +
                                           " from byte " + std::to_string(offset) + " on",
                                       std::to_string(into.size)));
  }
  if (into.size != 0) std::memcpy(into.data, file->data() + offset, into.size);
}

void FrameRegionWrap::close(const Napi::CallbackInfo& info) {
  of(info.This()).file_ = nullptr;
}

}  // namespace spiq
