#include <algorithm>
#include <cstring>

#include "base/thread_pool.h"
#include "core/replay/frame_codec.h"
#include "core/replay/replay_parts.h"

namespace spiq {

namespace {

// Below it, waking other threads takes longer than the copying.
constexpr std::size_t kSharedBytes = std::size_t{256} << 10;

// Frames of states, of one memory.
template <class Value>
class StateReader {
 public:
  StateReader(const Rows& rows, const ReplayOptions& options)
      : rows_(rows),
        size_(static_cast<std::size_t>(options.size)),
        stack_(static_cast<std::size_t>(options.stack)),
        type_(options.type),
        newestFirst_(options.order == FrameOrder::NewestFirst),
        repeats_(options.padding == FramePadding::Repeat) {}

  std::size_t values() const { return size_ * stack_; }

  // The state whose newest frame is in this slot; all frames of it are there.
  void read(RowSlot slot, Value* into) const {
    if (inOnePiece(slot)) {
      decodeFrame(type_, rows_.frame(static_cast<RowSlot>(slot + 1 - stack_)), values(), into);
      return;
    }
    const Value* last = nullptr;
    for (std::size_t age = 0; age < stack_; ++age) {
      Value* frame = into + (newestFirst_ ? age : stack_ - 1 - age) * size_;
      if (last == nullptr || !first(slot)) {
        if (last != nullptr) slot = rows_.before(slot, rows_.links(slot).previous);
        decodeFrame(type_, rows_.frame(slot), size_, frame);
        last = frame;
      } else if (repeats_) {
        std::memcpy(frame, last, size_ * sizeof(Value));
      } else {
        std::fill(frame, frame + size_, Value{0});
      }
    }
  }

 private:
  bool first(RowSlot slot) const { return rows_.links(slot).previous == 0; }
  // Whether the frames lie in the ring as they do in the state: mostly, where there is one copy.
  bool inOnePiece(RowSlot slot) const {
    if (newestFirst_ || type_ == FrameType::Bits || slot + 1 < stack_) return false;
    for (RowSlot later = slot; later + stack_ > slot + std::size_t{1}; --later) {
      if (rows_.links(later).previous != 1) return false;
    }
    return true;
  }

  const Rows& rows_;
  std::size_t size_;
  std::size_t stack_;
  FrameType type_;
  bool newestFirst_;
  bool repeats_;
};

Status refuseBytes(FrameType type) {
  return mismatch(Code::Argument, "type of states", "float32, as the frames of this memory are",
                  type == FrameType::Float32 ? "uint8" : frameTypeName(type));
}

Status checkCount(std::size_t count) {
  if (count >= 1 && count <= static_cast<std::size_t>(kMaxReplayBatch)) return {};
  return mismatch(Code::Range, "rows of a batch",
                  "a whole number from 1 to " + std::to_string(kMaxReplayBatch),
                  std::to_string(count));
}

template <class Value>
constexpr bool kBytes = sizeof(Value) == 1;

}  // namespace

template <class Value>
Status Replay::state(std::size_t copy, Value* into) const {
  if (kBytes<Value> && parts_->options.type == FrameType::Float32)
    return refuseBytes(parts_->options.type);
  const auto label = [&] { return "state, copy " + std::to_string(copy); };
  if (copy >= parts_->copies.size() || !parts_->copies[copy].running())
    return mismatch(Code::State, label(), "an episode that goes on", "none");
  const Rows& rows = parts_->rows();
  std::uint64_t row = parts_->copies[copy].last();
  for (std::int64_t frame = 0; frame < parts_->options.stack; ++frame) {
    if (!rows.holds(row)) {
      return mismatch(Code::State, label(), "frames that are still there",
                      "some that other copies' have overwritten");
    }
    const std::uint32_t previous = rows.links(rows.slotOf(row)).previous;
    if (previous == 0) break;
    row -= std::min<std::uint64_t>(previous, row);
  }
  StateReader<Value>(rows, parts_->options).read(rows.slotOf(parts_->copies[copy].last()), into);
  return {};
}

template <class Value>
void Replay::Parts::gather(const BatchTarget<Value>& into) {
  const Rows& ring = rows();
  const std::size_t count = drawn.slots.size();
  for (std::size_t i = 0; i < count; ++i) {
    const RowLinks& links = ring.links(drawn.slots[i]);
    __builtin_prefetch(ring.frame(drawn.slots[i]));
    __builtin_prefetch(ring.frame(ring.after(drawn.slots[i], links.next)));
    into.actions[i] = links.action;
    into.returns[i] = links.discountedReturn;
    into.discounts[i] = links.discount;
    into.weights[i] = drawn.weights[i];
    into.probabilities[i] = static_cast<float>(drawn.probabilities[i]);
  }
  const StateReader<Value> reader(ring, options);
  const std::size_t width = reader.values();
  const auto read = [&](std::size_t i) {
    const RowSlot slot = drawn.slots[i];
    reader.read(slot, into.states + i * width);
    reader.read(ring.after(slot, ring.links(slot).next), into.nextStates + i * width);
  };
  if (pool != nullptr && 2 * count * width * sizeof(Value) >= kSharedBytes) {
    pool->run(count, threads, [&](std::size_t i, std::size_t /*worker*/) { read(i); });
  } else {
    for (std::size_t i = 0; i < count; ++i) read(i);
  }
}

template <class Value>
Status Replay::sampleInto(std::size_t count, const BatchTarget<Value>& into) {
  if (kBytes<Value> && parts_->options.type == FrameType::Float32)
    return refuseBytes(parts_->options.type);
  Status counted = checkCount(count);
  if (!counted.ok()) return counted;
  if (parts_->drawable.count() == 0)
    return mismatch(Code::State, "sample", "a memory with transitions", "one without");
  Drawn& drawn = parts_->drawn;
  Status status = parts_->selector->draw(count, parts_->drawable, parts_->generator, drawn);
  if (!status.ok()) return status;

  parts_->gather(into);
  return {};
}

template <class Value>
Result<std::size_t> Replay::listInto(std::uint64_t from, std::size_t most,
                                     const BatchTarget<Value>& into) {
  if (kBytes<Value> && parts_->options.type == FrameType::Float32)
    return refuseBytes(parts_->options.type);
  Status counted = checkCount(most);
  if (!counted.ok()) return counted;
  const DrawableRows& drawable = parts_->drawable;
  const Rows& rows = parts_->rows();
  Drawn& drawn = parts_->drawn;
  drawn.slots.clear();
  for (std::uint64_t row = std::max(from, drawable.tail());
       row < rows.end() && drawn.slots.size() < most; ++row) {
    if (drawable.drawable(rows.slotOf(row))) drawn.slots.push_back(rows.slotOf(row));
  }
  drawn.weights.assign(drawn.slots.size(), 1);
  drawn.probabilities.resize(drawn.slots.size());
  for (std::size_t i = 0; i < drawn.slots.size(); ++i)
    drawn.probabilities[i] = parts_->selector->probability(drawn.slots[i], drawable);
  parts_->gather(into);
  return drawn.slots.size();
}

template <class Number>
void Replay::indicesInto(Number* into) const {
  for (std::size_t i = 0; i < parts_->drawn.slots.size(); ++i)
    into[i] = static_cast<Number>(parts_->rows().rowOf(parts_->drawn.slots[i]));
}

Status Replay::sample(std::size_t count, ReplayBatch& into) {
  Status counted = checkCount(count);
  if (!counted.ok()) return counted;
  into.states.resize(count * stateSize());
  into.nextStates.resize(count * stateSize());
  into.actions.resize(count);
  into.indices.resize(count);
  for (auto* values : {&into.returns, &into.discounts, &into.weights, &into.probabilities})
    values->resize(count);
  BatchTarget<float> target{into.states.data(),       into.actions.data(),   into.returns.data(),
                            into.nextStates.data(),   into.discounts.data(), into.weights.data(),
                            into.probabilities.data()};
  Status status = sampleInto(count, target);
  if (status.ok()) indicesInto(into.indices.data());
  return status;
}

template Status Replay::state(std::size_t, float*) const;
template Status Replay::state(std::size_t, std::uint8_t*) const;
template Status Replay::sampleInto(std::size_t, const BatchTarget<float>&);
template Status Replay::sampleInto(std::size_t, const BatchTarget<std::uint8_t>&);
template Result<std::size_t> Replay::listInto(std::uint64_t, std::size_t,
                                              const BatchTarget<float>&);
template Result<std::size_t> Replay::listInto(std::uint64_t, std::size_t,
                                              const BatchTarget<std::uint8_t>&);
template void Replay::indicesInto(std::int64_t*) const;
template void Replay::indicesInto(double*) const;

}  // namespace spiq
