#pragma once

#include <algorithm>
#include <cstdint>

#include "core/replay/accumulator.h"
#include "core/replay/options.h"
#include "core/replay/rows.h"

namespace spiq {

// Which rows start a transition that can be drawn: at most `capacity`, the latest, and only such
// whose frames are all there. A row that can be drawn has links with a `next`.
class DrawableRows {
 public:
  DrawableRows(Rows rows, const ReplayOptions& options)
      : rows_(std::move(rows)),
        capacity_(static_cast<std::uint64_t>(options.capacity)),
        stack_(static_cast<std::uint32_t>(options.stack)),
        skips_(options.padding == FramePadding::Skip) {}

  Rows& rows() { return rows_; }
  const Rows& rows() const { return rows_; }
  std::uint64_t count() const { return count_; }
  // Below it no row can be drawn.
  std::uint64_t tail() const { return tail_; }
  bool drawable(RowSlot slot) const { return rows_.links(slot).next != 0; }

  // Ends with one row more; `retired` is called for each slot that can be drawn no longer.
  template <class Retired>
  void push(std::uint32_t previous, const Retired& retired) {
    RowLinks links;
    links.previous = previous;
    const std::uint64_t row = rows_.end();
    const std::uint64_t oldest = rows_.oldest();
    rows_.push(links);
    if (previous != 0 && rows_.holds(row - previous))
      rows_.links(rows_.slotOf(row - previous)).following = previous;
    if (rows_.oldest() > oldest) retireDependents(oldest, retired);
  }

  // Whether the transition can be drawn now that it is complete. `retired` as above.
  template <class Retired>
  bool admit(const Transition& transition, const Retired& retired) {
    if (!complete(transition.from)) return false;
    RowLinks& links = rows_.links(rows_.slotOf(transition.from));
    links.next = static_cast<std::uint32_t>(transition.to - transition.from);
    links.action = transition.action;
    links.discountedReturn = transition.discountedReturn;
    links.discount = transition.discount;
    ++count_;
    tail_ = std::min(tail_, transition.from);
    bool kept = true;
    while (count_ > capacity_) {
      const std::uint64_t oldest = firstDrawable();
      kept = kept && oldest != transition.from;
      retire(rows_.slotOf(oldest), retired);
    }
    firstDrawable();
    return kept;
  }

  // A row leaves what can be drawn.
  template <class Retired>
  void retire(RowSlot slot, const Retired& retired) {
    if (!drawable(slot)) return;
    rows_.links(slot).next = 0;
    --count_;
    retired(slot);
  }

  // As saved.
  void restore(std::uint64_t count, std::uint64_t tail) {
    count_ = count;
    tail_ = tail;
  }

 private:
  // Moves the tail up to the first row that can be drawn, or to the end.
  std::uint64_t firstDrawable() {
    tail_ = std::max(tail_, rows_.oldest());
    while (tail_ < rows_.end() && !drawable(rows_.slotOf(tail_))) ++tail_;
    return tail_;
  }

  // Whether all frames of the state that ends with this row are there, and are as many as wanted.
  bool complete(std::uint64_t row) const {
    if (!rows_.holds(row)) return false;
    for (std::uint32_t frame = 1; frame < stack_; ++frame) {
      const std::uint32_t previous = rows_.links(rows_.slotOf(row)).previous;
      if (previous == 0) return !skips_;
      if (row < previous || !rows_.holds(row - previous)) return false;
      row -= previous;
    }
    return true;
  }

  // States reach back to the row that has just gone from it and `stack` - 1 rows after it.
  template <class Retired>
  void retireDependents(std::uint64_t gone, const Retired& retired) {
    RowSlot slot = rows_.slotOf(gone);
    for (std::uint32_t frame = 0; frame < stack_; ++frame) {
      retire(slot, retired);
      const std::uint32_t following = rows_.links(slot).following;
      if (following == 0) break;
      slot = rows_.after(slot, following);
    }
    tail_ = std::max(tail_, rows_.oldest());
  }

  Rows rows_;
  std::uint64_t capacity_;
  std::uint32_t stack_;
  bool skips_;
  std::uint64_t count_ = 0;
  std::uint64_t tail_ = 0;
};

}  // namespace spiq
