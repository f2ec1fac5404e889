#include "thread_pool.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace products {
namespace {

// A few tens of microseconds: long enough to catch the next product of a network's step, short enough to
// leave the core to others between steps.
constexpr int spinsBeforeSleep = 2000;

void pauseBriefly() {
#if defined(__x86_64__)
  _mm_pause();
#endif
}

}  // namespace

ThreadPool::ThreadPool(int threads) {
  for (int index = 1; index < threads; ++index) workers_.emplace_back([this, index] { work(index); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(const std::function<void(int)>& part) {
  {
    const std::lock_guard<std::mutex> lock(mutex_);
    part_ = &part;
    unfinished_ = static_cast<int>(workers_.size());
    round_.fetch_add(1);
  }
  wake_.notify_all();
  part(0);
  for (int spin = 0; unfinished_ != 0; ++spin) {
    if (spin < spinsBeforeSleep) pauseBriefly();
    else std::this_thread::yield();
  }
}

void ThreadPool::work(int index) {
  for (unsigned seen = 0;;) {
    for (int spin = 0; spin < spinsBeforeSleep && round_ == seen && !stop_; ++spin) pauseBriefly();
    if (round_ == seen) {
      std::unique_lock<std::mutex> lock(mutex_);
      wake_.wait(lock, [&] { return round_ != seen || stop_; });
    }
    if (stop_) return;
    seen = round_;
    (*part_)(index);
    unfinished_.fetch_sub(1);
  }
}

}  // namespace products
