#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace spiq {

// Runs tasks in the order of their arrival on up to `threads` threads of its own, started when
// first needed.
class TaskQueue {
 public:
  explicit TaskQueue(std::size_t threads) : most_(threads) {}
  ~TaskQueue() { stop(); }
  TaskQueue(const TaskQueue&) = delete;
  TaskQueue& operator=(const TaskQueue&) = delete;

  // After `stop` a task is dropped.
  void push(std::function<void()> task);
  // Drops what waits and returns when what runs has ended. May be called again.
  void stop();

 private:
  void work();

  std::size_t most_;
  std::vector<std::thread> threads_;
  std::deque<std::function<void()>> waiting_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
  std::mutex mutex_;
  std::condition_variable wake_;
};

}  // namespace spiq
