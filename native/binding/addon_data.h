#pragma once

#include <algorithm>
#include <memory>

#include <napi.h>

#include "base/thread_pool.h"
#include "binding/job_queue.h"
#include "binding/lease.h"

namespace spiq {

// Everything the addon keeps for one JavaScript environment (the main thread or a worker): nothing
// that belongs to JavaScript is static. Members are destroyed last to first.
class AddonData {
 public:
  static AddonData& of(Napi::Env env) { return *env.GetInstanceData<AddonData>(); }

  // A pool of at least `threads`; jobs hold on to theirs while a larger one takes its place.
  std::shared_ptr<ThreadPool> pool(std::size_t threads) {
    if (!pool_ || pool_->threads() < threads) {
      pool_ = std::make_shared<ThreadPool>(std::max(threads, hardwareThreads()));
    }
    return pool_;
  }

  LeaseTable leases;
  JobQueue jobs;  // after `leases`: jobs hold some

 private:
  std::shared_ptr<ThreadPool> pool_;
};

}  // namespace spiq
