#include "base/thread_pool.h"

#include <algorithm>
#include <exception>

namespace spiq {

namespace {

// Loops often follow each other within microseconds, faster than a sleeping thread wakes: helpers
// look out for the next one this often before they sleep.
constexpr int kLooks = 2000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

struct ThreadPool::Loop {
  std::size_t tasks;
  std::size_t threads;
  const std::function<void(std::size_t, std::size_t)>& task;
  std::atomic<std::size_t> next{0};
  std::size_t active = 0;
  std::exception_ptr failure{};

  void work(std::size_t worker, std::mutex& mutex) {
    for (std::size_t index = next++; index < tasks; index = next++) {
      try {
        task(index, worker);
      } catch (...) {
        const std::lock_guard<std::mutex> lock(mutex);
        if (!failure) failure = std::current_exception();
        next = tasks;
      }
    }
  }
};

ThreadPool::ThreadPool(std::size_t threads) {
  for (std::size_t worker = 1; worker < std::max<std::size_t>(threads, 1); ++worker) {
    helpers_.emplace_back([this, worker] { help(worker); });
  }
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (std::thread& helper : helpers_) helper.join();
}

void ThreadPool::run(std::size_t tasks, std::size_t threads,
                     const std::function<void(std::size_t, std::size_t)>& task) {
  Loop loop{tasks, std::min({threads, this->threads(), tasks}), task};
  const bool shared = loop.threads > 1 && !busy_.test_and_set(std::memory_order_acquire);
  if (shared) {
    const std::lock_guard<std::mutex> lock(mutex_);
    loop_ = &loop;
    ++generation_;
    wake_.notify_all();
  }
  loop.work(0, mutex_);
  if (shared) {
    std::unique_lock<std::mutex> lock(mutex_);
    loop_ = nullptr;
    idle_.wait(lock, [&loop] { return loop.active == 0; });
    busy_.clear(std::memory_order_release);
  }
  if (loop.failure) std::rethrow_exception(loop.failure);
}

void ThreadPool::help(std::size_t worker) {
  std::size_t seen = 0;
  std::unique_lock<std::mutex> lock(mutex_);
  for (;;) {
    lock.unlock();
    for (int look = 0; look < kLooks && generation_.load(std::memory_order_relaxed) == seen; ++look)
      pause();
    lock.lock();
    wake_.wait(lock, [&] { return stopping_ || (loop_ != nullptr && generation_ != seen); });
    if (stopping_) return;
    seen = generation_;
    Loop* loop = loop_;
    if (worker >= loop->threads) continue;
    ++loop->active;
    lock.unlock();
    loop->work(worker, mutex_);
    lock.lock();
    if (--loop->active == 0) idle_.notify_all();
  }
}

std::size_t hardwareThreads() {
  return std::max<std::size_t>(std::thread::hardware_concurrency(), 1);
}

}  // namespace spiq
