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

// The child that the mass falls on; what lies before it is taken off.
std::size_t childOf(const double* children, double& mass) {
  std::size_t last = 0;
  for (std::size_t child = 0; child < kFan; ++child) {
    if (children[child] <= 0) continue;
    last = child;
    if (mass < children[child]) return child;
    mass -= children[child];
  }
  // Rounding: a node's sum can exceed what is left of its children by some units in the last place.
  mass = children[last];
  return last;
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
