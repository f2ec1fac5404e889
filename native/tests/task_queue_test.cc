#include "base/task_queue.h"

#include <atomic>
#include <chrono>
#include <thread>

#include "tests/check.h"

namespace spiq {

// Fails the case rather than hang it: no machine needs this long to start a thread.
static bool reaches(const std::atomic<int>& value, int goal) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
  while (value < goal && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return value >= goal;
}

CASE("one thread runs tasks in the order of their arrival") {
  std::vector<int> order;
  std::atomic<int> done{0};
  TaskQueue queue(1);
  for (int task = 0; task < 100; ++task) {
    queue.push([&, task] {
      order.push_back(task);
      ++done;
    });
  }
  EXPECT_TRUE(reaches(done, 100));
  queue.stop();
  for (int task = 0; task < 100; ++task) EXPECT_EQUAL(order[std::size_t(task)], task);
}

CASE("several threads run tasks side by side, and no more of them than allowed") {
  std::atomic<int> started{0};
  std::atomic<int> ended{0};
  std::atomic<bool> release{false};
  TaskQueue queue(2);
  for (int task = 0; task < 3; ++task) {
    queue.push([&] {
      ++started;
      while (!release) std::this_thread::yield();
      ++ended;
    });
  }
  EXPECT_TRUE(reaches(started, 2));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_EQUAL(started.load(), 2);
  release = true;
  EXPECT_TRUE(reaches(ended, 3));
}

CASE("stop drops what waits, returns after what runs, and may come twice") {
  std::atomic<int> started{0};
  std::atomic<int> ended{0};
  std::atomic<bool> release{false};
  TaskQueue queue(1);
  for (int task = 0; task < 3; ++task) {
    queue.push([&] {
      ++started;
      while (!release) std::this_thread::yield();
      ++ended;
    });
  }
  EXPECT_TRUE(reaches(started, 1));
  std::thread releaser([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    release = true;
  });
  queue.stop();
  EXPECT_EQUAL(ended.load(), 1);
  releaser.join();
  queue.stop();
  queue.push([&] { ++started; });
  std::this_thread::sleep_for(std::chrono::milliseconds(5));
  EXPECT_EQUAL(started.load(), 1);
}

CASE("a queue that was never used stops at once") {
  TaskQueue queue(4);
}

}  // namespace spiq
