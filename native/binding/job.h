#pragma once

#include <functional>
#include <memory>
#include <vector>

#include <napi.h>

#include "binding/addon_data.h"

namespace spiq {

struct JobControl : Control {
  JobControl(std::shared_ptr<ThreadPool> shared, std::size_t threadCount)
      : Control{*shared, threadCount}, pool(std::move(shared)) {}
  std::shared_ptr<ThreadPool> pool;
};

// The one asynchronous worker. `work` runs on another thread and touches no JavaScript; `finish`
// makes the result on the JavaScript thread. Leases are given back before the promise settles.
// Returns { promise, cancel(), progress() -> [done, total] }.
using Leases = std::vector<std::unique_ptr<Lease>>;

Napi::Value startJob(Napi::Env env, const std::shared_ptr<JobControl>& control,
                     std::function<Status()> work, std::function<Napi::Value(Napi::Env)> finish,
                     Leases leases = {});

// The same work done before the call returns.
Napi::Value runNow(Napi::Env env, const std::function<Status()>& work,
                   const std::function<Napi::Value(Napi::Env)>& finish);

}  // namespace spiq
