#pragma once

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spiq {

// Runs numbered tasks on the calling thread and up to `threads - 1` helpers. Which thread runs
// which task is left open, so tasks must not depend on it; but neighbouring tasks tend to the same
// thread, and the same share of the next loop too, whose data may be in its cache. One loop at a
// time: a second caller runs its tasks on its own thread only.
class ThreadPool {
 public:
  explicit ThreadPool(std::size_t threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  std::size_t threads() const { return helpers_.size() + 1; }

  // `task(index, worker)` with worker < threads; the first exception is thrown again here after all
  // have stopped.
  void run(std::size_t tasks, std::size_t threads,
           const std::function<void(std::size_t, std::size_t)>& task);

 private:
  struct Loop;
  void help(std::size_t worker);

  std::vector<std::thread> helpers_;
  std::atomic_flag busy_ = ATOMIC_FLAG_INIT;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::condition_variable idle_;
  Loop* loop_ = nullptr;
  std::atomic<std::size_t> generation_{0};
  bool stopping_ = false;
};

std::size_t hardwareThreads();

}  // namespace spiq
