#pragma once

#include "core/plan/control.h"

namespace spiq {

// Operations below which one thread is done before another has woken.
constexpr std::size_t kWorthWaking = 1 << 16;

// Calls `task` with each of so many numbers and that of the worker, on several threads where so
// much work pays.
template <class Task>
void splitWork(Control& control, std::size_t tasks, std::size_t work, const Task& task) {
  if (tasks > 1 && control.threads > 1 && work >= kWorthWaking) {
    control.pool.run(tasks, control.threads, task);
  } else {
    for (std::size_t index = 0; index < tasks; ++index) task(index, std::size_t{0});
  }
}

}  // namespace spiq
