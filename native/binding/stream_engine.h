#pragma once

#include <atomic>
#include <memory>

#include <napi.h>

#include "binding/arrays.h"
#include "binding/job.h"
#include "core/sim/row_stream.h"

namespace spiq {

class Engine;

// The arguments of a stream's step as JavaScript gives them.
struct StepCall {
  Napi::Value observations;
  Napi::Value spikes;
  std::int64_t steps = 1;
  RecordRequest record;

  explicit StepCall(const Napi::Value& options);
};

// A stream at one precision. Calls that come while a job uses it are refused.
class StreamEngine {
 public:
  StreamEngine() = default;
  StreamEngine(const StreamEngine&) = delete;
  StreamEngine& operator=(const StreamEngine&) = delete;
  virtual ~StreamEngine() = default;
  virtual Napi::Value step(Napi::Env env, const std::shared_ptr<StreamEngine>& self,
                           const StepCall& call, bool now) = 0;
  virtual Napi::Value decode(Napi::Env env) = 0;
  virtual Napi::Value save(Napi::Env env) = 0;
  virtual void restore(const Napi::Value& bytes) = 0;
  virtual void reset() = 0;
  virtual void carry() = 0;
  virtual double steps() const = 0;

  bool busy() const { return busy_.load(); }

 protected:
  std::atomic<bool> busy_{false};
};

// `engine` keeps the plan alive.
template <class Real>
std::shared_ptr<StreamEngine> makeStreamEngine(Napi::Env env, std::shared_ptr<const Engine> engine,
                                               const Simulation<Real>& simulation,
                                               std::size_t threads, const Napi::Value& options);

}  // namespace spiq
