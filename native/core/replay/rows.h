#pragma once

#include <cstddef>
#include <cstdint>

#include "base/memory_map.h"

namespace spiq {

// Where a row lies in the ring.
using RowSlot = std::uint32_t;

// What a row knows beside its frame: its neighbours in the episode and the transition that starts
// with it. Distances are counted in rows, 0 where there is nothing.
struct RowLinks {
  std::uint32_t previous = 0;   // the frame before, unless this is the episode's first
  std::uint32_t following = 0;  // the frame after
  std::uint32_t next = 0;       // the frame that the transition leads to; 0: cannot be drawn
  std::int32_t action = 0;
  float discountedReturn = 0;
  float discount = 0;
};

// A ring of frames, counted through: row number n lies in slot n mod `capacity`. The slot that is
// written next is no longer part of it, so there are `capacity` - 1 rows at most.
class Rows {
 public:
  static Result<Rows> make(std::size_t capacity, std::size_t frameBytes, std::uint8_t* frames);

  std::uint64_t capacity() const { return capacity_; }
  std::size_t frameBytes() const { return frameBytes_; }
  std::uint64_t end() const { return end_; }
  std::uint64_t oldest() const { return oldest_; }
  bool holds(std::uint64_t row) const { return row >= oldest_ && row < end_; }

  RowSlot slotOf(std::uint64_t row) const { return static_cast<RowSlot>(row % capacity_); }
  // The row of a slot that is part of the ring.
  std::uint64_t rowOf(RowSlot slot) const {
    const RowSlot endSlot = slotOf(end_);
    return end_ - (slot < endSlot ? endSlot - slot : endSlot + capacity_ - slot);
  }
  RowSlot before(RowSlot slot, std::uint32_t rows) const {
    return static_cast<RowSlot>(slot >= rows ? slot - rows : slot + capacity_ - rows);
  }
  RowSlot after(RowSlot slot, std::uint32_t rows) const {
    const std::uint64_t sum = std::uint64_t{slot} + rows;
    return static_cast<RowSlot>(sum >= capacity_ ? sum - capacity_ : sum);
  }

  RowLinks& links(RowSlot slot) { return links_[slot]; }
  const RowLinks& links(RowSlot slot) const { return links_[slot]; }
  std::uint8_t* frame(RowSlot slot) { return frames_ + slot * frameBytes_; }
  const std::uint8_t* frame(RowSlot slot) const { return frames_ + slot * frameBytes_; }

  // Ends with one row more, after which the oldest may be gone.
  void push(const RowLinks& links) {
    links_[slotOf(end_)] = links;
    ++end_;
    if (end_ - oldest_ >= capacity_) oldest_ = end_ - capacity_ + 1;
  }
  void restart(std::uint64_t oldest, std::uint64_t end) {
    oldest_ = oldest;
    end_ = end;
  }

 private:
  MemoryMap memory_;
  RowLinks* links_ = nullptr;
  std::uint8_t* frames_ = nullptr;
  std::uint64_t capacity_ = 0;
  std::size_t frameBytes_ = 0;
  std::uint64_t oldest_ = 0;
  std::uint64_t end_ = 0;
};

inline Result<Rows> Rows::make(std::size_t capacity, std::size_t frameBytes, std::uint8_t* frames) {
  Result<MemoryMap> memory = MemoryMap::zeros(capacity * sizeof(RowLinks), "rows of a replay");
  if (!memory.ok()) return memory.status();
  Rows rows;
  rows.memory_ = memory.take();
  rows.links_ = reinterpret_cast<RowLinks*>(rows.memory_.data());
  rows.frames_ = frames;
  rows.capacity_ = capacity;
  rows.frameBytes_ = frameBytes;
  return rows;
}

}  // namespace spiq
