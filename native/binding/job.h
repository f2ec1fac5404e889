#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <napi.h>

#include "binding/lease.h"
#include "core/plan/control.h"

namespace spiq {

struct JobControl : Control {
  JobControl(std::shared_ptr<ThreadPool> shared, std::size_t threadCount)
      : Control{*shared, threadCount}, pool(std::move(shared)) {}
  std::shared_ptr<ThreadPool> pool;
};

using Leases = std::vector<std::unique_ptr<Lease>>;

// One asynchronous call: `work` runs on a thread of the environment's queue and touches no
// JavaScript; `finish` makes the result on the JavaScript thread. Made, settled and destroyed on
// the JavaScript thread.
class Job {
 public:
  Job(Napi::Env env, std::shared_ptr<JobControl> control, std::function<Status()> work,
      std::function<Napi::Value(Napi::Env)> finish, Leases leases);

  Napi::Promise promise() const { return deferred_.Promise(); }
  JobControl& control() { return *control_; }
  void execute();
  // Gives the leases back and settles the promise.
  void settle(Napi::Env env);

 private:
  Napi::Promise::Deferred deferred_;
  std::shared_ptr<JobControl> control_;
  std::function<Status()> work_;
  std::function<Napi::Value(Napi::Env)> finish_;
  Leases leases_;
  Status status_;
};

// Starts a job and returns { promise, cancel(), progress() -> [done, total] }.
Napi::Value startJob(Napi::Env env, const std::shared_ptr<JobControl>& control,
                     std::function<Status()> work, std::function<Napi::Value(Napi::Env)> finish,
                     Leases leases = {});

// `work` with C++ exceptions turned into a status: none may cross into Node.
Status guarded(const std::function<Status()>& work);

// The same work done before the call returns.
Napi::Value runNow(Napi::Env env, const std::function<Status()>& work,
                   const std::function<Napi::Value(Napi::Env)>& finish);

}  // namespace spiq
