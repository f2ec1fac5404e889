#pragma once

#include <memory>

#include <napi.h>

#include "core/frames/preprocessor.h"

namespace spiq {

// JavaScript's handle on what makes observations of frames. The work is over when a call returns:
// some microseconds for a frame.
class PreprocessorWrap : public Napi::ObjectWrap<PreprocessorWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit PreprocessorWrap(const Napi::CallbackInfo& info);

 private:
  enum class Call { Begin, Step };
  static Preprocessor& of(const Napi::Value& value);
  Napi::Value describe(const Napi::CallbackInfo& info);
  template <Call call>
  static Status observe(Preprocessor& preprocessor, std::size_t copy, const FramePair& frames,
                        std::uint8_t* into);
  // Frames in arrays: copy, newest, before or undefined, into, at.
  template <Call call>
  void take(const Napi::CallbackInfo& info);
  // Frames in a region: region, copies, bytes of a slot, where the frame before lies in it or
  // undefined, into.
  template <Call call>
  void takeFrom(const Napi::CallbackInfo& info);

  std::unique_ptr<Preprocessor> preprocessor_;
};

}  // namespace spiq
