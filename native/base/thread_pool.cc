#include "base/thread_pool.h"

#include <algorithm>
#include <exception>

namespace spiq {

namespace {

// Loops often follow each other within microseconds, faster than a sleeping thread wakes: helpers
// look out for the next one this often before they sleep, and callers for the helpers' last task.
constexpr int kLooks = 2000;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

}  // namespace

struct ThreadPool::Loop {
  // Tasks of one thread, which others take from once they have none left.
  struct alignas(64) Share {
    std::atomic<std::size_t> next{0};
    std::size_t end = 0;
  };
  std::size_t threads;
  const std::function<void(std::size_t, std::size_t)>& task;
  std::vector<Share> shares;
  std::atomic<std::size_t> active{0};
  std::exception_ptr failure{};

  Loop(std::size_t tasks, std::size_t threadCount,
       const std::function<void(std::size_t, std::size_t)>& work)
      : threads(threadCount), task(work), shares(threadCount) {
    for (std::size_t i = 0; i < threads; ++i) {
      shares[i].next = tasks * i / threads;
      shares[i].end = tasks * (i + 1) / threads;
    }
  }

  void work(std::size_t worker, std::mutex& mutex) {
    for (std::size_t i = 0; i < threads; ++i) {
      Share& share = shares[(worker + i) % threads];
      for (std::size_t index = share.next++; index < share.end; index = share.next++) {
        try {
          task(index, worker);
        } catch (...) {
          const std::lock_guard<std::mutex> lock(mutex);
          if (!failure) failure = std::current_exception();
          for (Share& rest : shares) rest.next = rest.end;
        }
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
  Loop loop(tasks, std::min({threads, this->threads(), tasks}), task);
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
    loop_ = nullptr;  // nobody joins from here on
    lock.unlock();
    for (int look = 0; look < kLooks && loop.active.load(std::memory_order_acquire) != 0; ++look)
      pause();
    lock.lock();
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
