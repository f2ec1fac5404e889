#pragma once

#include <map>
#include <memory>

#include <napi.h>

#include "base/task_queue.h"
#include "binding/job.h"

namespace spiq {

// The running jobs of one environment. They have threads of their own instead of libuv's: an
// environment that ends would wait for libuv's work before it says so, and a process that exits
// would join it, however long it takes.
class JobQueue {
 public:
  JobQueue();

  void start(Napi::Env env, std::unique_ptr<Job> job);
  // Cancels every job and waits for the threads. Promises that are pending then stay so.
  void stop();

 private:
  void settle(Napi::Env env, Job* job);

  std::map<Job*, std::unique_ptr<Job>> jobs_;
  Napi::ThreadSafeFunction settled_;
  TaskQueue threads_;  // destroyed first: its threads use what stands above
};

}  // namespace spiq
