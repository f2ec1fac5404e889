#include "base/thread_pool.h"

#include <stdexcept>

#include "tests/check.h"

namespace spiq {

static void expectEachOnce(ThreadPool& pool, std::size_t tasks, std::size_t threads) {
  std::vector<std::atomic<int>> runs(tasks);
  std::atomic<std::size_t> highestWorker{0};
  pool.run(tasks, threads, [&](std::size_t index, std::size_t worker) {
    ++runs[index];
    std::size_t seen = highestWorker;
    while (seen < worker && !highestWorker.compare_exchange_weak(seen, worker)) {
    }
  });
  for (const auto& count : runs) EXPECT_EQUAL(count.load(), 1);
  EXPECT_TRUE(highestWorker < std::max<std::size_t>(threads, 1));
}

CASE("every task runs exactly once, on a worker below the number of threads") {
  for (const std::size_t size : {1, 2, 5}) {
    ThreadPool pool(size);
    EXPECT_EQUAL(pool.threads(), size);
    for (const std::size_t threads : {1, 2, 3, 64}) {
      for (const std::size_t tasks : {0, 1, 2, 3, 7, 1000}) expectEachOnce(pool, tasks, threads);
    }
  }
}

CASE("a pool without threads is the caller alone") {
  ThreadPool pool(0);
  EXPECT_EQUAL(pool.threads(), std::size_t{1});
  expectEachOnce(pool, 10, 4);
}

CASE("helpers do take part") {
  ThreadPool pool(2);
  // Each task waits for the other, which ends only where two threads run at once.
  std::atomic<int> started{0};
  pool.run(2, 2, [&](std::size_t, std::size_t) {
    ++started;
    while (started < 2) std::this_thread::yield();
  });
  EXPECT_EQUAL(started.load(), 2);
}

CASE("loops follow each other quickly") {
  ThreadPool pool(3);
  std::atomic<int> runs{0};
  for (int loop = 0; loop < 3000; ++loop) {
    pool.run(4, 3, [&](std::size_t, std::size_t) { ++runs; });
  }
  EXPECT_EQUAL(runs.load(), 12000);
}

CASE("a loop inside a task runs on the task's own thread") {
  ThreadPool pool(3);
  std::atomic<int> runs{0};
  std::atomic<int> strangers{0};
  pool.run(6, 3, [&](std::size_t, std::size_t) {
    const auto self = std::this_thread::get_id();
    pool.run(5, 3, [&](std::size_t, std::size_t worker) {
      ++runs;
      strangers += worker != 0 || std::this_thread::get_id() != self;
    });
  });
  EXPECT_EQUAL(runs.load(), 30);
  EXPECT_EQUAL(strangers.load(), 0);
}

CASE("several callers share a pool") {
  ThreadPool pool(3);
  std::atomic<int> runs{0};
  std::vector<std::thread> callers;
  callers.reserve(4);
  for (int caller = 0; caller < 4; ++caller) {
    callers.emplace_back([&] {
      for (int loop = 0; loop < 100; ++loop) {
        pool.run(9, 3, [&](std::size_t, std::size_t) { ++runs; });
      }
    });
  }
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQUAL(runs.load(), 4 * 100 * 9);
}

CASE("an exception comes out of run, ends the loop and leaves the pool usable") {
  ThreadPool pool(3);
  for (const std::size_t threads : {1, 3}) {
    std::string caught;
    std::atomic<int> runs{0};
    try {
      pool.run(1'000'000, threads, [&](std::size_t index, std::size_t) {
        if (index == 10) throw std::runtime_error("task 10");
        ++runs;
      });
    } catch (const std::runtime_error& error) {
      caught = error.what();
    }
    EXPECT_EQUAL(caught, std::string("task 10"));
    EXPECT_TRUE(runs >= 10 && runs < 1'000'000 - 1);
    expectEachOnce(pool, 50, threads);
  }
}

CASE("the machine has a thread") {
  EXPECT_TRUE(hardwareThreads() >= 1);
}

}  // namespace spiq
