#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/replay/replay_parts.h"

namespace spiq {

namespace {

std::uint16_t flagsOf(const ReplayStep* step) {
  if (step == nullptr) return RowRecord::First;
  unsigned flags = 0;
  if (step->terminated) flags |= RowRecord::Terminated;
  if (step->truncated) flags |= RowRecord::Truncated;
  if (step->lifeLost) flags |= RowRecord::LifeLost;
  if (step->discard) flags |= RowRecord::Discard;
  return static_cast<std::uint16_t>(flags);
}

ReplayStep stepOf(const RowRecord& record) {
  ReplayStep step;
  step.action = record.action;
  step.reward = record.reward;
  step.terminated = (record.flags & RowRecord::Terminated) != 0;
  step.truncated = (record.flags & RowRecord::Truncated) != 0;
  step.lifeLost = (record.flags & RowRecord::LifeLost) != 0;
  step.discard = (record.flags & RowRecord::Discard) != 0;
  return step;
}

std::string labelOf(const char* call, std::size_t copy) {
  return std::string(call) + ", copy " + std::to_string(copy);
}

}  // namespace

Accumulator& Replay::Parts::accumulator(std::size_t copy) {
  if (copies.size() <= copy) copies.resize(copy + 1);
  return copies[copy];
}

void Replay::Parts::admit(const Transition& transition) {
  const auto retired = [this](RowSlot slot) { selector->retire(slot); };
  if (drawable.admit(transition, retired)) selector->admit(rows().slotOf(transition.from));
}

Status Replay::Parts::append(const std::uint8_t* frame, std::size_t copy, const ReplayStep* step) {
  if (options.readOnly)
    return mismatch(Code::State, "replay", "one that was not opened read-only", "a new row");
  const std::uint64_t row = rows().end();
  const std::uint64_t back = step == nullptr ? 0 : row - accumulator(copy).last();
  // Farther back than the ring reaches, the frame before is as good as none that is known.
  const auto previous = static_cast<std::uint32_t>(std::min(back, rows().capacity()));
  if (file) {
    const Status status = file->prepare(row);
    if (!status.ok()) return status;
  }
  std::memcpy(rows().frame(rows().slotOf(row)), frame, rows().frameBytes());
  if (file) {
    RowRecord record;
    record.row = row;
    record.previous = previous;
    record.copy = static_cast<std::uint16_t>(copy);
    record.flags = flagsOf(step);
    if (step != nullptr) {
      record.action = step->action;
      record.reward = step->reward;
    }
    file->commit(record);
  }
  follow(copy, previous, step);
  return {};
}

void Replay::Parts::follow(std::size_t copy, std::uint32_t previous, const ReplayStep* step) {
  const std::uint64_t row = rows().end();
  drawable.push(previous, [this](RowSlot slot) { selector->retire(slot); });
  Accumulator& episode = accumulator(copy);
  const auto emit = [this](const Transition& transition) { admit(transition); };
  if (step == nullptr) {
    episode.begin(row, options.gamma, emit);
  } else {
    episode.add(*step, row, options.nStep, options.gamma, emit);
  }
}

Status Replay::Parts::readFile() {
  const std::uint64_t first = file->first();
  rows().restart(first, first);
  drawable.restore(0, first);
  for (std::uint64_t row = first; row < file->end(); ++row) {
    const RowRecord& record = file->record(row);
    Accumulator& episode = accumulator(record.copy);
    const bool begins = (record.flags & RowRecord::First) != 0;
    const std::uint64_t previous = row - std::min<std::uint64_t>(record.previous, row);
    // The row before is the episode's last, or gone with all that the episode had before.
    const bool known = episode.running() ? previous == episode.last() : previous < first;
    const bool sane = begins ? record.previous == 0
                             : record.previous != 0 && record.previous <= row && known &&
                                   std::isfinite(record.reward);
    if (!sane) {
      return mismatch(Code::Format, file->path() + ": record of row " + std::to_string(row),
                      "one that goes on from those before it", "one that contradicts them");
    }
    if (begins) {
      follow(record.copy, 0, nullptr);
      continue;
    }
    if (!episode.running()) episode.resume(previous);
    const ReplayStep step = stepOf(record);
    follow(record.copy, record.previous, &step);
  }
  return {};
}

Status Replay::begin(const std::uint8_t* frame, std::size_t copy) {
  if (copy >= static_cast<std::size_t>(kMaxReplayCopies)) {
    return mismatch(Code::Range, "copy", "a whole number below " + std::to_string(kMaxReplayCopies),
                    std::to_string(copy));
  }
  return parts_->append(frame, copy, nullptr);
}

Status Replay::add(const ReplayStep& step, const std::uint8_t* frame, std::size_t copy) {
  if (copy >= parts_->copies.size() || !parts_->copies[copy].running())
    return mismatch(Code::State, labelOf("add", copy), "an episode that goes on", "none");
  if (!std::isfinite(step.reward)) {
    return mismatch(Code::NotFinite, labelOf("add", copy) + ": reward", "a finite number",
                    showNumber(static_cast<double>(step.reward)));
  }
  return parts_->append(frame, copy, &step);
}

}  // namespace spiq
