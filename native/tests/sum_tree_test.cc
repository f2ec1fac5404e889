#include "core/replay/sum_tree.h"

#include <cstring>
#include <numeric>

#include "core/replay/generator.h"
#include "tests/check.h"

namespace spiq {

static SumTree treeOf(const std::vector<double>& masses) {
  SumTree tree = SumTree::make(masses.size()).take();
  for (std::size_t i = 0; i < masses.size(); ++i) tree.set(i, masses[i]);
  return tree;
}

static std::uint32_t find(const SumTree& tree, double mass) {
  std::uint32_t leaf = 0;
  tree.find({&mass, 1}, {&leaf, 1});
  return leaf;
}

CASE("a mass falls on the leaf whose share of the sum it lies in") {
  for (const std::size_t count : {1U, 2U, 7U, 8U, 9U, 63U, 64U, 65U, 513U, 5000U}) {
    // Whole numbers add up exactly, whatever the order.
    std::vector<double> masses(count);
    for (std::size_t i = 0; i < count; ++i) masses[i] = static_cast<double>(i * 7 % 5);
    masses[count / 2] = 3;
    const SumTree tree = treeOf(masses);
    EXPECT_EQUAL(tree.total(), std::accumulate(masses.begin(), masses.end(), 0.0));
    double before = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (masses[i] == 0) continue;
      EXPECT_EQUAL(find(tree, before), i);
      EXPECT_EQUAL(find(tree, before + masses[i] - 0.5), i);
      before += masses[i];
    }
  }
}

CASE("millions of changes leave the sums that a new tree has, bit for bit") {
  constexpr std::size_t kLeaves = 777;
  SumTree tree = SumTree::make(kLeaves).take();
  ReplayGenerator generator(1);
  std::vector<double> masses(kLeaves);
  for (int change = 0; change < 2000000; ++change) {
    const std::uint32_t leaf = generator.below(kLeaves);
    // From 1e-9 to 1e9: differences that are added and taken off again would leave much behind.
    masses[leaf] = std::pow(10.0, 18 * generator.uniform() - 9);
    tree.set(leaf, masses[leaf]);
  }
  const SumTree fresh = treeOf(masses);
  EXPECT_EQUAL(tree.total(), fresh.total());
  long double exact = 0;
  for (const double mass : masses) exact += mass;
  EXPECT_NEAR(tree.total(), static_cast<double>(exact), 1e-14 * static_cast<double>(exact));
  for (std::size_t leaf = 0; leaf < kLeaves; ++leaf) tree.set(leaf, 0);
  EXPECT_EQUAL(tree.total(), 0.0);
}

CASE("no draw falls on an empty leaf, be it at the very end of the sum") {
  ReplayGenerator generator(2);
  std::vector<double> masses(300);
  for (std::size_t i = 0; i < masses.size(); i += 3) masses[i] = generator.uniform() + 1e-12;
  const SumTree tree = treeOf(masses);
  for (int draw = 0; draw < 100000; ++draw)
    EXPECT_TRUE(masses[find(tree, generator.uniform() * tree.total())] > 0);
  for (const double mass : {tree.total(), std::nextafter(tree.total(), 0.0), 2 * tree.total()})
    EXPECT_TRUE(masses[find(tree, mass)] > 0);
}

CASE("many masses at once give what each gives alone") {
  std::vector<double> masses(1000);
  ReplayGenerator generator(3);
  for (double& mass : masses) mass = generator.uniform();
  const SumTree tree = treeOf(masses);
  std::vector<double> asked(64);
  for (double& mass : asked) mass = generator.uniform() * tree.total();
  std::vector<double> copies = asked;
  std::vector<std::uint32_t> leaves(asked.size());
  tree.find({copies.data(), copies.size()}, {leaves.data(), leaves.size()});
  for (std::size_t i = 0; i < asked.size(); ++i) EXPECT_EQUAL(leaves[i], find(tree, asked[i]));
}

CASE("a generator goes on from its seed and its count, and below() is even") {
  ReplayGenerator one(9);
  for (int i = 0; i < 6; ++i) one.bits();
  ReplayGenerator other(one.seed(), one.drawn());
  for (int i = 0; i < 9; ++i) EXPECT_EQUAL(other.bits(), one.bits());
  // 3 * 2^30 numbers of 2^32: without rejection the first third would come twice as often.
  std::vector<double> thirds(3);
  constexpr double kDraws = 300000;
  for (int i = 0; i < kDraws; ++i) thirds[one.below(3U << 30) >> 30] += 1;
  for (const double count : thirds) EXPECT_NEAR(count, kDraws / 3, 5 * std::sqrt(kDraws * 2 / 9));
}

}  // namespace spiq
