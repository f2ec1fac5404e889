#pragma once
#include <atomic>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace products {

class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }
  // Runs part(0) .. part(threads() - 1), part 0 on the caller, and returns when all are done.
  void run(const std::function<void(int)>& part);

 private:
  void work(int index);

  std::mutex mutex_;
  std::condition_variable wake_;
  const std::function<void(int)>* part_ = nullptr;
  std::atomic<unsigned> round_{0};
  std::atomic<int> unfinished_{0};
  std::atomic<bool> stop_{false};
  std::vector<std::thread> workers_;
};

}  // namespace products
