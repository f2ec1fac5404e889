#pragma once

#include "core/replay/selector.h"
#include "core/replay/sum_tree.h"

namespace spiq {

// Draws in proportion to priorities, one from each of as many equal shares of their sum as there
// are draws (Schaul et al. 2016, appendix B.2.1). What is new gets the largest priority there was.
class Prioritised final : public Selector {
 public:
  static Result<std::unique_ptr<Prioritised>> make(const Prioritising& options, std::size_t slots);

  void admit(RowSlot slot) override { tree_.set(slot, largest_); }
  void retire(RowSlot slot) override { tree_.set(slot, 0); }
  Status draw(std::size_t count, const DrawableRows& drawable, ReplayGenerator& generator,
              Drawn& into) override;
  double probability(RowSlot slot, const DrawableRows& /*drawable*/) const override {
    return tree_.leaf(slot) / tree_.total();
  }
  // The new error of a transition that can be drawn.
  void setError(RowSlot slot, double error);

  double priority(RowSlot slot) const { return tree_.leaf(slot); }
  void setPriority(RowSlot slot, double priority) { tree_.set(slot, priority); }
  std::size_t bytes() const { return tree_.bytes(); }
  double largest() const { return largest_; }
  std::uint64_t batches() const { return batches_; }
  // Of the next batch.
  double beta() const;
  void restore(double largest, std::uint64_t batches) {
    largest_ = largest;
    batches_ = batches;
  }

 private:
  Prioritised(const Prioritising& options, SumTree tree)
      : options_(options), tree_(std::move(tree)) {}

  Prioritising options_;
  SumTree tree_;
  double largest_ = 1;
  std::uint64_t batches_ = 0;
  std::vector<double> masses_;
};

}  // namespace spiq
