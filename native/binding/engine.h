#pragma once

#include <napi.h>

#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/job.h"
#include "binding/stream_engine.h"
#include "core/sim/simulate.h"

namespace spiq {

// A run's arguments as JavaScript gives them.
struct RunCall {
  Napi::Value observations;
  Napi::Value spikes;
  Napi::Value into;
  std::int64_t rows = 1;
  std::int64_t spikeSteps = 0;
  std::int64_t seed = 0;
  std::int64_t firstObservation = 0;
  bool borrow = false;
  RecordRequest record;
  AnytimeRequest anytime;

  explicit RunCall(const Napi::Value& options);
};

constexpr std::int64_t kMaxSafeInteger = 9007199254740991;  // Number.MAX_SAFE_INTEGER

class Engine {
 public:
  Engine() = default;
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  virtual ~Engine() = default;
  virtual Napi::Value run(Napi::Env env, const std::shared_ptr<const Engine>& self,
                          const RunCall& call, bool now) const = 0;
  // run(observations, out, firstObservation, seed): the decoded outputs of one or more
  // observations, written to `out` before the call returns, with as little beside the work as can
  // be.
  virtual void runInto(const Napi::CallbackInfo& info) const = 0;
  virtual std::shared_ptr<StreamEngine> stream(Napi::Env env,
                                               const std::shared_ptr<const Engine>& self,
                                               const Napi::Value& options) const = 0;
  virtual Napi::Value describe(Napi::Env env) const = 0;
  // About what it holds: the weights, and the memory of one run.
  virtual std::size_t bytes() const = 0;
};

std::shared_ptr<const Engine> makeEngine(Napi::Env env, const Graph& graph,
                                         const Napi::Value& options);

}  // namespace spiq
