#include <algorithm>
#include <string>

#include "core/replay/selector.h"

namespace spiq {

namespace {

// Slots seen in a batch: a hash set by open addressing that empties at no cost.
class SeenSlots {
 public:
  void start(std::size_t most) {
    std::size_t size = 16;
    while (size < 4 * most) size *= 2;
    if (places_.size() < size) places_.assign(size, {});
    ++batch_;
  }
  // Whether it was not there yet.
  bool insert(RowSlot slot) {
    const std::size_t mask = places_.size() - 1;
    // Fibonacci hashing: neighbouring slots end far apart.
    std::size_t at = (slot * std::uint64_t{0x9e3779b97f4a7c15}) >> 32 & mask;
    while (places_[at].batch == batch_) {
      if (places_[at].slot == slot) return false;
      at = (at + 1) & mask;
    }
    places_[at] = {batch_, slot};
    return true;
  }

 private:
  struct Place {
    std::uint64_t batch = 0;
    RowSlot slot = 0;
  };
  std::vector<Place> places_;
  std::uint64_t batch_ = 0;
};

// Rows are drawn from the tail to the end until one can be: nearly all of them can, only the last
// of each episode and the latest cannot.
class Uniform final : public Selector {
 public:
  explicit Uniform(bool replacement) : replacement_(replacement) {}

  void admit(RowSlot /*slot*/) override {}
  void retire(RowSlot /*slot*/) override {}

  Status draw(std::size_t count, const DrawableRows& drawable, ReplayGenerator& generator,
              Drawn& into) override {
    if (!replacement_ && count > drawable.count()) {
      return mismatch(Code::Range, "batch without replacement",
                      "at most " + std::to_string(drawable.count()) + " transitions",
                      std::to_string(count));
    }
    const Rows& rows = drawable.rows();
    const RowSlot tail = rows.slotOf(drawable.tail());
    const auto range = static_cast<std::uint32_t>(rows.end() - drawable.tail());
    if (!replacement_) seen_.start(count);
    into.slots.clear();
    while (into.slots.size() < count) {
      // All that are missing at once, so that reads wait for memory together.
      const std::size_t missing = count - into.slots.size();
      candidates_.resize(missing);
      for (RowSlot& candidate : candidates_) {
        candidate = rows.after(tail, generator.below(range));
        __builtin_prefetch(&rows.links(candidate));
      }
      for (const RowSlot candidate : candidates_) {
        if (!drawable.drawable(candidate)) continue;
        if (replacement_ || seen_.insert(candidate)) into.slots.push_back(candidate);
      }
    }
    into.probabilities.assign(count, probability(0, drawable));
    into.weights.assign(count, 1);
    return {};
  }

  double probability(RowSlot /*slot*/, const DrawableRows& drawable) const override {
    return 1 / static_cast<double>(drawable.count());
  }

 private:
  bool replacement_;
  std::vector<RowSlot> candidates_;
  SeenSlots seen_;
};

}  // namespace

std::unique_ptr<Selector> makeUniform(bool replacement) {
  return std::make_unique<Uniform>(replacement);
}

}  // namespace spiq
