#include "core/replay/replay_file.h"

#include <algorithm>
#include <atomic>
#include <cstring>
#include <filesystem>

namespace spiq {

namespace {

// Rows that are announced at once, and bytes of frames for which room is found at once.
constexpr std::uint64_t kMaxAnnounced = 65536;
constexpr std::uint64_t kReservedBytes = std::uint64_t{4} << 20;

// A killed process leaves what it has stored, in the order of its instructions.
void keepOrder() {
  std::atomic_signal_fence(std::memory_order_seq_cst);
}

}  // namespace

RowRecord* ReplayFile::records() const {
  return reinterpret_cast<RowRecord*>(file_->data() + FileLayout::kRecordsAt);
}

const RowRecord& ReplayFile::record(std::uint64_t row) const {
  return records()[row % layout_.dimensions.rows];
}

const std::uint8_t* ReplayFile::frame(std::uint64_t row) const {
  return frames() + row % layout_.dimensions.rows * layout_.dimensions.frameBytes;
}

Status ReplayFile::damaged(const std::string& what, const std::string& expected,
                           const std::string& received) const {
  return mismatch(Code::Format, file_->path() + ": " + what, expected, received);
}

Result<std::unique_ptr<ReplayFile>> ReplayFile::open(const std::string& path,
                                                     const FileDimensions& dimensions,
                                                     bool readOnly) {
  std::error_code ignored;
  const bool create = !readOnly && !std::filesystem::exists(path, ignored);
  auto file = create ? MappedFile::create(path, newHead(dimensions), FileLayout(dimensions).bytes)
                     : MappedFile::open(
                           path, readOnly ? MappedFile::Access::Read : MappedFile::Access::Write);
  if (!file.ok()) return file.status();
  const auto found = readHead(file.value()->data(), file.value()->size(), path);
  if (!found.ok()) return found.status();
  std::unique_ptr<ReplayFile> opened(new ReplayFile(file.take(), FileLayout(found.value())));
  Status status = opened->checkDimensions(dimensions);
  if (status.ok()) status = opened->findRows();
  if (!status.ok()) return status;
  return opened;
}

Result<FileDimensions> replayFileDimensions(const std::string& path) {
  const auto file = MappedFile::open(path, MappedFile::Access::Read);
  if (!file.ok()) return file.status();
  return readHead(file.value()->data(), file.value()->size(), path);
}

// The same observations as the options have, and progress that makes sense.
Status ReplayFile::checkDimensions(const FileDimensions& wanted) {
  const FileDimensions& found = layout_.dimensions;
  const auto differs = [this](const std::string& what, const std::string& expected,
                              const std::string& received) {
    return mismatch(Code::Argument, file_->path() + ": " + what, expected, received);
  };
  if (found.size != wanted.size)
    return differs("values of a frame", std::to_string(wanted.size), std::to_string(found.size));
  if (found.type != wanted.type)
    return differs("type of a frame", frameTypeName(wanted.type), frameTypeName(found.type));
  if (found.capacity != wanted.capacity)
    return differs("capacity", std::to_string(wanted.capacity), std::to_string(found.capacity));
  bool whole = false;
  for (const std::size_t at : FileLayout::kProgressAt) {
    Progress candidate;
    std::memcpy(&candidate, file_->data() + at, sizeof candidate);
    if (candidate.sum != sumOf(candidate) || candidate.flushed > candidate.announced) continue;
    if (whole && candidate.turn < progress_.turn) continue;
    progress_ = candidate;
    whole = true;
  }
  return whole ? Status() : damaged("progress", "two copies, one of them whole", "none");
}

bool ReplayFile::whole(std::uint64_t row) const {
  const RowRecord& found = record(row);
  return found.sum == sumOf(found) && found.row == row && (found.flags & RowRecord::Written) != 0;
}

Status ReplayFile::verifyFrames(std::uint64_t first, std::uint64_t end) const {
  for (std::uint64_t row = first; row < end; ++row) {
    if (shortSum(frame(row), layout_.dimensions.frameBytes) != record(row).frameSum)
      return damaged("frame of row " + std::to_string(row), "the bytes of its checksum", "others");
  }
  return {};
}

// Rows that were flushed have to be there, unless later ones were being written over them when the
// power went; of the others as many as are whole, without a gap.
Status ReplayFile::findRows() {
  const std::uint64_t rows = layout_.dimensions.rows;
  const auto there = [this, rows](std::uint64_t row) {
    // Later rows may have begun to be written over what was flushed, frames before records.
    const bool kept = row < progress_.flushed && row + rows >= progress_.announced;
    return whole(row) && (kept || verifyFrames(row, row + 1).ok());
  };
  // Rows are written over in their order: where the last one that was flushed is there, so is what
  // follows it. Else rows before this one may have been written over; it has not.
  end_ = progress_.flushed;
  if (end_ == 0 || !whole(end_ - 1)) {
    end_ = std::max({end_, progress_.announced - std::min(progress_.announced, rows),
                     std::min(progress_.least, progress_.announced)});
  }
  while (end_ < progress_.announced && there(end_)) ++end_;
  if (end_ == progress_.announced && whole(end_))
    return damaged("progress", "the latest of two copies", "an older one");
  const std::uint64_t oldest =
      std::max(progress_.least, end_ >= rows ? end_ - rows + 1 : std::uint64_t{0});
  first_ = end_;
  while (first_ > oldest && there(first_ - 1)) --first_;
  if (first_ > oldest && first_ - 1 + rows >= progress_.announced) {
    return damaged("record of row " + std::to_string(first_ - 1), "the bytes of its checksum",
                   "others");
  }
  if (!writes()) return {};
  progress_.least = first_;
  // Rows beyond a gap were lost with it.
  const std::uint64_t lost = std::min(progress_.announced, end_ + rows);
  for (std::uint64_t row = end_; row < lost; ++row) {
    if (whole(row)) records()[row % rows] = RowRecord{};
  }
  return {};
}

// What failed to reach the disk does not count, so that who tries again writes it again.
Status ReplayFile::writeProgress(Progress next) {
  ++next.turn;
  next.sum = sumOf(next);
  std::memcpy(file_->data() + FileLayout::kProgressAt[next.turn % 2], &next, sizeof next);
  Status status = file_->flush(0, FileLayout::kRecordsAt);
  if (status.ok()) progress_ = next;
  return status;
}

Status ReplayFile::prepare(std::uint64_t row) {
  const std::uint64_t rows = layout_.dimensions.rows;
  if (row >= progress_.announced) {
    Progress next = progress_;
    next.announced = row + std::clamp<std::uint64_t>(rows / 8, 1, kMaxAnnounced);
    if (Status status = writeProgress(next); !status.ok()) return status;
  }
  if (row >= reserved_ && reserved_ < rows) {
    const std::uint64_t frameBytes = layout_.dimensions.frameBytes;
    const std::uint64_t from = std::min(row, rows);
    const std::uint64_t to =
        std::min(rows, from + std::max<std::uint64_t>(kReservedBytes / frameBytes, 1));
    const auto room = [&](std::size_t base, std::uint64_t each) {
      return from == to ? Status() : file_->reserve(base + from * each, (to - from) * each);
    };
    Status status = room(FileLayout::kRecordsAt, sizeof(RowRecord));
    if (status.ok()) status = room(layout_.framesAt, frameBytes);
    if (!status.ok()) return status;
    reserved_ = to;
  }
  return {};
}

void ReplayFile::commit(RowRecord record) {
  keepOrder();
  record.flags |= RowRecord::Written;
  record.frameSum = shortSum(frame(record.row), layout_.dimensions.frameBytes);
  record.sum = sumOf(record);
  records()[record.row % layout_.dimensions.rows] = record;
  keepOrder();
  end_ = record.row + 1;
}

Status ReplayFile::flushRows(std::uint64_t first, std::uint64_t end) {
  const FileDimensions& dimensions = layout_.dimensions;
  if (end - first >= dimensions.rows) first = end - dimensions.rows;
  while (first < end) {
    // Up to the end of the ring, then from its beginning.
    const std::uint64_t slot = first % dimensions.rows;
    const std::uint64_t count = std::min(end - first, dimensions.rows - slot);
    Status status = file_->flush(layout_.framesAt + slot * dimensions.frameBytes,
                                 count * dimensions.frameBytes);
    if (status.ok())
      status = file_->flush(FileLayout::kRecordsAt + slot * sizeof(RowRecord),
                            count * sizeof(RowRecord));
    if (!status.ok()) return status;
    first += count;
  }
  return {};
}

Status ReplayFile::flush() {
  if (!writes() || (progress_.flushed == end_ && progress_.announced == end_)) return {};
  Status status = flushRows(progress_.flushed, end_);
  if (!status.ok()) return status;
  Progress next = progress_;
  next.flushed = end_;
  next.announced = end_;
  // Both copies, so that either may be lost while nothing is written.
  Status first = writeProgress(next);
  return first.ok() ? writeProgress(progress_) : first;
}

Status ReplayFile::verify() const {
  return verifyFrames(first_, end_);
}

Status ReplayFile::rewind(std::uint64_t row) {
  // First the promise is taken back, then the rows, the last first: at any point the file is whole.
  const std::uint64_t rows = layout_.dimensions.rows;
  const std::uint64_t taken = end_;
  Progress next = progress_;
  next.flushed = std::min(next.flushed, row);
  next.announced = std::max(next.announced, end_);
  next.least = std::max(first_, end_ >= rows ? end_ - rows + 1 : std::uint64_t{0});
  if (Status status = writeProgress(next); !status.ok()) return status;
  while (end_ > row) {
    --end_;
    records()[end_ % rows] = RowRecord{};
    keepOrder();
  }
  // Before others are announced in their place, none of them may be found.
  if (Status status = flushRows(row, taken); !status.ok()) return status;
  next = progress_;
  next.announced = row;
  return writeProgress(next);
}

}  // namespace spiq
