#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/plan/fingerprint.h"
#include "core/replay/replay_parts.h"

namespace spiq {

namespace {

Status damaged(const std::string& received) {
  return mismatch(Code::Format, "state of a replay", "bytes that save() has given", received);
}

// Rows of a state that no memory has: room for them would be asked for before they come.
bool sizesContradict(const SavedHead& head) {
  return head.oldest > head.end || head.end - head.oldest >= head.ring || head.tail > head.end ||
         head.mapped > 1 || !std::isfinite(head.largestPriority) || head.largestPriority <= 0 ||
         head.copies.size() > static_cast<std::size_t>(kMaxReplayCopies);
}

}  // namespace

Status Replay::Parts::checkHead(const SavedHead& head) const {
  const auto refused = [](const std::string& what, const std::string& expected,
                          const std::string& received) {
    return mismatch(Code::Argument, "state of a replay: " + what, expected, received);
  };
  if (head.magic != SavedHead::kMagic) return damaged("bytes of another kind");
  if (head.version > SavedHead::kVersion) {
    return mismatch(
        Code::Version, "state of a replay: version",
        "at most " + std::to_string(SavedHead::kVersion) + "; a newer spiq wrote these bytes",
        std::to_string(head.version));
  }
  if (head.version == 0 || sizesContradict(head)) return damaged("some that contradict themselves");
  const std::vector<double> own = savedOptions(options);
  if (head.options.size() != own.size()) return damaged("some that contradict themselves");
  for (std::size_t i = 0; i < own.size(); ++i) {
    if (head.options[i] != own[i])
      return refused(savedOptionName(i), showNumber(own[i]), showNumber(head.options[i]));
  }
  if ((head.mapped != 0) != (file != nullptr)) {
    return refused("frames", file ? "those of a mapped file" : "those of a memory",
                   file ? "those of a memory" : "those of a mapped file");
  }
  if (head.ring != rows().capacity())
    return refused("rows", std::to_string(rows().capacity()), std::to_string(head.ring));
  if (!file) {
    return rows().end() == 0
               ? Status()
               : mismatch(Code::State, "restore", "a new memory", "one that was used");
  }
  if (options.readOnly && rows().end() != head.end)
    return refused("end of a file that is only read", std::to_string(rows().end()),
                   std::to_string(head.end));
  if (head.end > rows().end()) {
    return mismatch(Code::State, "state of a replay: rows of its file",
                    "at least " + std::to_string(head.end), std::to_string(rows().end()));
  }
  if (head.fileMark != fileMark(head.end)) {
    return mismatch(Code::State, "state of a replay: file", "the one beside which it was saved",
                    "another, or one that went on");
  }
  return {};
}

Status Replay::Parts::readRows(StateBytes& bytes) {
  SavedState& saved = *restoring;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  bytes.pass(&first, 1);
  bytes.pass(&count, 1);
  if (bytes.failed() || first != saved.head.oldest + saved.rows || count == 0 ||
      count > saved.head.end - first || bytes.left() != count * bytesOfRow())
    return damaged("blocks in another order, or some that are missing");
  for (std::uint64_t row = first; row < first + count; ++row)
    exchangeLinks(bytes, saved.links.emplace_back());
  for (std::uint64_t row = first; prioritised != nullptr && row < first + count; ++row)
    bytes.pass(&saved.priorities.emplace_back(), 1);
  for (std::uint64_t row = first; !file && row < first + count; ++row)
    bytes.pass(rows().frame(rows().slotOf(row)), rows().frameBytes());
  saved.rows += count;
  return {};
}

Status Replay::Parts::finishRestoring() {
  const std::unique_ptr<SavedState> saved = std::move(restoring);
  const SavedHead& head = saved->head;
  if (saved->rows != head.end - head.oldest) return damaged("some of which blocks are missing");
  // A file that went on may have lost the oldest rows to newer ones.
  const std::uint64_t floor = file ? std::max(head.oldest, rows().oldest()) : head.oldest;
  if (contradicts(*saved, options, head.oldest)) return damaged("some that contradict themselves");
  if (contradicts(*saved, options, floor)) {
    return mismatch(Code::State, "state of a replay: rows of its file",
                    "all those that the state has", "some that were overwritten since");
  }
  if (file && !options.readOnly) {
    const Status status = file->rewind(head.end);
    if (!status.ok()) return status;
  }
  for (std::uint64_t row = rows().oldest(); row < rows().end(); ++row) {
    rows().links(rows().slotOf(row)) = {};
    if (prioritised != nullptr) prioritised->setPriority(rows().slotOf(row), 0);
  }
  rows().restart(floor, head.end);
  for (std::uint64_t row = floor; row < head.end; ++row) {
    rows().links(rows().slotOf(row)) = saved->links[row - head.oldest];
    if (prioritised != nullptr)
      prioritised->setPriority(rows().slotOf(row), saved->priorities[row - head.oldest]);
  }
  drawable.restore(head.count, std::max(head.tail, floor));
  generator = ReplayGenerator(head.seed, head.drawn);
  if (prioritised != nullptr) prioritised->restore(head.largestPriority, head.batches);
  copies = head.copies;
  return {};
}

Status Replay::restoreBlock(const std::uint8_t* block, std::size_t size, bool last) {
  std::uint64_t sum = 0;
  if (size < sizeof sum) return damaged(std::to_string(size) + " bytes");
  const std::size_t content = size - sizeof sum;
  std::memcpy(&sum, block + content, sizeof sum);
  StateBytes bytes(block, content);
  if (parts_->restoring == nullptr) {
    auto saved = std::make_unique<SavedState>();
    saved->head.exchange(bytes);
    // What a newer version writes need not end where this one's does.
    const bool newer =
        saved->head.magic == SavedHead::kMagic && saved->head.version > SavedHead::kVersion;
    if (!newer && (bytes.failed() || saved->head.magic != SavedHead::kMagic))
      return damaged("bytes of another kind");
    if (!newer && sum != hashBytes(block, content, kHashStart))
      return damaged("some that were changed");
    if (!newer && !bytes.complete()) return damaged("some of another length");
    Status status = parts_->checkHead(saved->head);
    if (!status.ok()) return status;
    parts_->restoring = std::move(saved);
  } else {
    Status status = sum == hashBytes(block, content, kHashStart)
                        ? parts_->readRows(bytes)
                        : damaged("some that were changed");
    if (!status.ok()) {
      parts_->restoring.reset();
      return status;
    }
  }
  return last ? parts_->finishRestoring() : Status();
}

}  // namespace spiq
