#pragma once

#include <atomic>
#include <cstdint>

#include "base/status.h"
#include "base/thread_pool.h"

namespace spiq {

// How a caller watches and ends long work, and the threads it may use.
struct Control {
  ThreadPool& pool;
  std::size_t threads = 1;
  std::atomic<bool> cancelled{false};
  std::atomic<std::uint64_t> done{0};
  std::atomic<std::uint64_t> total{0};
  // Whether `total` is that of a work of several runs, which leave it as it is.
  bool spansRuns = false;

  Status cancelledStatus() const {
    return cancelled.load(std::memory_order_relaxed)
               ? Status(Code::Cancelled, "the call was cancelled")
               : Status();
  }
};

}  // namespace spiq
