#include <algorithm>

#include "core/plan/fingerprint.h"
#include "core/replay/replay_parts.h"

// A memory's state in blocks. The first is a SavedHead; the others hold some rows each: number of
// the first, how many, their links, their priorities, their frames. Each ends with a checksum.

namespace spiq {

namespace {

constexpr std::uint64_t kMarkedRecords = 64;

}  // namespace

SavedHead Replay::Parts::head() const {
  SavedHead head;
  head.mapped = file ? 1 : 0;
  head.options = savedOptions(options);
  head.ring = rows().capacity();
  head.fileMark = fileMark(rows().end());
  head.oldest = rows().oldest();
  head.end = rows().end();
  head.tail = drawable.tail();
  head.count = drawable.count();
  head.seed = generator.seed();
  head.drawn = generator.drawn();
  if (prioritised != nullptr) {
    head.largestPriority = prioritised->largest();
    head.batches = prioritised->batches();
  }
  head.copies = copies;
  return head;
}

std::size_t Replay::Parts::bytesOfRow() const {
  return sizeof(RowLinks) + (prioritised != nullptr ? sizeof(double) : 0) +
         (file ? 0 : rows().frameBytes());
}

std::uint64_t Replay::Parts::fileMark(std::uint64_t end) const {
  if (!file) return 0;
  std::uint64_t mark = kHashStart;
  const std::uint64_t first = std::max(file->first(), end - std::min(end, kMarkedRecords));
  for (std::uint64_t row = first; row < end; ++row)
    mark = hashBytes(&file->record(row).sum, sizeof(std::uint32_t), mark);
  return mark;
}

std::uint64_t Replay::saveBlocks() const {
  const std::uint64_t count = parts_->rows().end() - parts_->rows().oldest();
  const std::uint64_t each = rowsOfBlock(parts_->bytesOfRow());
  return 1 + (count + each - 1) / each;
}

std::vector<std::uint8_t> Replay::saveBlock(std::uint64_t number) const {
  const Rows& rows = parts_->rows();
  StateBytes bytes;
  if (number == 0) {
    parts_->head().exchange(bytes);
  } else {
    const std::uint64_t each = rowsOfBlock(parts_->bytesOfRow());
    std::uint64_t first = rows.oldest() + (number - 1) * each;
    std::uint64_t count = std::min(each, rows.end() - first);
    bytes.written().reserve(count * parts_->bytesOfRow() + 64);
    bytes.pass(&first, 1);
    bytes.pass(&count, 1);
    for (std::uint64_t row = first; row < first + count; ++row) {
      RowLinks links = rows.links(rows.slotOf(row));
      exchangeLinks(bytes, links);
    }
    for (std::uint64_t row = first; parts_->prioritised != nullptr && row < first + count; ++row) {
      double priority = parts_->prioritised->priority(rows.slotOf(row));
      bytes.pass(&priority, 1);
    }
    for (std::uint64_t row = first; !parts_->file && row < first + count; ++row) {
      const std::uint8_t* frame = rows.frame(rows.slotOf(row));
      bytes.written().insert(bytes.written().end(), frame, frame + rows.frameBytes());
    }
  }
  std::uint64_t sum = hashBytes(bytes.written().data(), bytes.written().size(), kHashStart);
  bytes.pass(&sum, 1);
  return std::move(bytes.written());
}

}  // namespace spiq
