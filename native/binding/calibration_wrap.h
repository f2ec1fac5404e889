#pragma once

#include <memory>

#include <napi.h>

#include "core/convert/statistics.h"

namespace spiq {

// JavaScript's handle on a conversion under way: a prepared float network and what has been seen of
// its activations. One call at a time.
class CalibrationWrap : public Napi::ObjectWrap<CalibrationWrap> {
 public:
  static Napi::Function define(Napi::Env env);
  explicit CalibrationWrap(const Napi::CallbackInfo& info);

 private:
  struct State {
    std::shared_ptr<const Graph> prepared;
    std::unique_ptr<Statistics> statistics;
    bool busy = false;
  };

  static std::shared_ptr<State> stateOf(const Napi::Value& value);
  // A job over the rows of a call, which the state is busy with until it ends. `Work` takes the
  // observations, their number and the control; `Deliver` makes the result of the promise.
  template <class Work, class Deliver>
  static Napi::Value startRows(const Napi::CallbackInfo& info, const Work& work,
                               const Deliver& deliver);

  Napi::Value sites(const Napi::CallbackInfo& info);
  Napi::Value add(const Napi::CallbackInfo& info);
  Napi::Value activations(const Napi::CallbackInfo& info);
  Napi::Value scales(const Napi::CallbackInfo& info);
  Napi::Value convert(const Napi::CallbackInfo& info);
  Napi::Value refine(const Napi::CallbackInfo& info);

  std::shared_ptr<State> state_;
};

}  // namespace spiq
