#pragma once

#include <memory>

#include <napi.h>

#include "base/shared_file.h"

namespace spiq {

// JavaScript's handle on a file that another process writes frames to.
class FrameRegionWrap : public Napi::ObjectWrap<FrameRegionWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit FrameRegionWrap(const Napi::CallbackInfo& info);
  // Open, and as long as it was.
  static std::shared_ptr<SharedFile> readable(const Napi::Value& value);

 private:
  static FrameRegionWrap& of(const Napi::Value& value);
  void read(const Napi::CallbackInfo& info);
  void close(const Napi::CallbackInfo& info);

  std::shared_ptr<SharedFile> file_;
};

}  // namespace spiq
