#include "core/replay/sum_tree.h"

namespace spiq {

namespace {

constexpr std::size_t kFan = 8;

double sumOf(const double* children) {
  return ((children[0] + children[1]) + (children[2] + children[3])) +
         ((children[4] + children[5]) + (children[6] + children[7]));
}

std::size_t groupsOf(std::size_t nodes) {
  return (nodes + kFan - 1) / kFan;
}

// The child that the mass falls on; what lies before it is taken off. Free of branches that data
// decide, which a processor would guess wrong every other time.
std::size_t childOf(const double* children, double& mass) {
  double before[kFan + 1];
  before[0] = 0;
  std::size_t child = 0;
  for (std::size_t i = 0; i < kFan; ++i) {
    before[i + 1] = before[i] + children[i];
    child += static_cast<std::size_t>(mass >= before[i + 1]);
  }
  if (child == kFan) {
    // Rounding: what a node's own sum has more than its children's, in this order. The last of them
    // that is not empty takes it.
    --child;
    while (child > 0 && children[child] <= 0) --child;
    mass = children[child];
    return child;
  }
  mass -= before[child];
  return child;
}

}  // namespace

Result<SumTree> SumTree::make(std::size_t leaves) {
  std::vector<std::size_t> sizes{groupsOf(leaves) * kFan};
  while (sizes.back() > kFan) sizes.push_back(groupsOf(sizes.back() / kFan) * kFan);
  std::size_t count = 0;
  for (const std::size_t size : sizes) count += size;
  Result<MemoryMap> memory = MemoryMap::zeros(count * sizeof(double), "priorities of a replay");
  if (!memory.ok()) return memory.status();
  SumTree tree;
  tree.memory_ = memory.take();
  auto* level = reinterpret_cast<double*>(tree.memory_.data());
  for (const std::size_t size : sizes) {
    tree.levels_.push_back(level);
    level += size;
  }
  return tree;
}

double SumTree::total() const {
  return sumOf(levels_.back());
}

void SumTree::set(std::size_t index, double mass) {
  levels_.front()[index] = mass;
  for (std::size_t level = 1; level < levels_.size(); ++level) {
    index /= kFan;
    levels_[level][index] = sumOf(levels_[level - 1] + index * kFan);
  }
}

void SumTree::find(View<double> masses, View<std::uint32_t> leaves) const {
  for (std::size_t i = 0; i < leaves.size; ++i) leaves[i] = 0;
  for (std::size_t level = levels_.size(); level-- > 0;) {
    const double* nodes = levels_[level];
    for (std::size_t i = 0; i < leaves.size; ++i) {
      const std::size_t first = leaves[i] * kFan;
      leaves[i] = static_cast<std::uint32_t>(first + childOf(nodes + first, masses[i]));
      if (level > 0) __builtin_prefetch(levels_[level - 1] + std::size_t{leaves[i]} * kFan);
    }
  }
}

}  // namespace spiq
