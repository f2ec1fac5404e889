#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "base/memory_map.h"
#include "base/shape.h"

namespace spiq {

// Non-negative masses and their sums. Each node has eight children, which fill a cache line, and is
// their sum, computed anew, in a fixed order, whenever one of them changes. So the tree is a
// function of its leaves alone: rounding errors do not gather over millions of changes, as they do
// where differences are added, and a tree that is built from saved leaves has the same bits.
// `set` and `find` take O(log8 n).
class SumTree {
 public:
  static Result<SumTree> make(std::size_t leaves);

  std::size_t bytes() const { return memory_.size(); }
  double total() const;
  double leaf(std::size_t index) const { return levels_.front()[index]; }
  void set(std::size_t index, double mass);

  // For each given mass in [0, total) the leaf that it falls on when the leaves are laid side by
  // side; never one of mass 0, whatever rounding did on the way, unless all are. All masses go down
  // a level at a time, so that reads wait for memory together.
  void find(View<double> masses, View<std::uint32_t> leaves) const;

 private:
  MemoryMap memory_;
  std::vector<double*> levels_;  // the leaves first
};

}  // namespace spiq
