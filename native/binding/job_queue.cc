#include "binding/job_queue.h"

#include <utility>

namespace spiq {

namespace {

// As many calls run at once as with libuv's default; each may use several threads of the pool.
constexpr std::size_t kConcurrentJobs = 4;

}  // namespace

JobQueue::JobQueue() : threads_(kConcurrentJobs) {}

void JobQueue::start(Napi::Env env, std::unique_ptr<Job> job) {
  if (jobs_.empty()) {
    // Lives only while jobs run, so that an idle addon does not keep the event loop going.
    settled_ = Napi::ThreadSafeFunction::New(
        env, Napi::Function::New(env, [](const Napi::CallbackInfo&) {}), "spiq", 0, 1);
  }
  Job* const running = job.get();
  jobs_.emplace(running, std::move(job));
  threads_.push([this, running] {
    running->execute();
    // Refused only when the environment is ending: then nobody waits for the promise any more.
    static_cast<void>(
        settled_.NonBlockingCall([this, running](Napi::Env settlingEnv, const Napi::Function&) {
          settle(settlingEnv, running);
        }));
  });
}

void JobQueue::settle(Napi::Env env, Job* job) {
  const std::unique_ptr<Job> done = std::move(jobs_.at(job));
  jobs_.erase(job);
  if (jobs_.empty()) settled_.Release();
  done->settle(env);
}

void JobQueue::stop() {
  for (const auto& entry : jobs_) entry.second->control().cancelled = true;
  threads_.stop();
}

}  // namespace spiq
