#include "core/replay/file_layout.h"

#include <algorithm>
#include <cstring>

#include "core/plan/fingerprint.h"
#include "core/replay/frame_codec.h"

namespace spiq {

namespace {

constexpr std::uint64_t kCheapBytes = std::uint64_t{16} << 20;  // for rows beyond the transitions

std::uint64_t longSum(const void* bytes, std::size_t size) {
  return hashBytes(bytes, size, kHashStart);
}

template <class Record>
std::size_t summed() {
  return sizeof(Record) - sizeof(Record::sum);
}

Status otherKind(const std::string& path, const std::string& received) {
  return mismatch(Code::Format, path, "a replay file of spiq", received);
}

}  // namespace

std::uint64_t ringRows(const ReplayOptions& options, std::size_t frameBytes) {
  const auto capacity = static_cast<std::uint64_t>(options.capacity);
  const std::uint64_t cheap = std::min<std::uint64_t>(capacity, kCheapBytes / frameBytes);
  // Frames before the oldest state and the steps under way need rows too, and one is always free.
  return capacity + std::max(cheap, capacity / 256) +
         static_cast<std::uint64_t>(options.nStep + options.stack) + 256;
}

std::uint32_t shortSum(const void* bytes, std::size_t size) {
  const std::uint64_t sum = longSum(bytes, size);
  return static_cast<std::uint32_t>(sum ^ (sum >> 32));
}

std::uint32_t sumOf(const RowRecord& record) {
  return shortSum(&record, summed<RowRecord>());
}

std::uint64_t sumOf(const FileHead& head) {
  return longSum(&head, summed<FileHead>());
}

std::uint64_t sumOf(const Progress& progress) {
  return longSum(&progress, summed<Progress>());
}

const char* frameTypeName(FrameType type) {
  switch (type) {
    case FrameType::Uint8:
      return "uint8";
    case FrameType::Bits:
      return "bits";
    case FrameType::Float32:
      break;
  }
  return "float32";
}

std::vector<std::uint8_t> newHead(const FileDimensions& dimensions) {
  FileHead head;
  head.magic = kReplayMagic;
  head.version = kReplayVersion;
  head.type = static_cast<std::uint32_t>(dimensions.type);
  head.capacity = dimensions.capacity;
  head.size = dimensions.size;
  head.rows = dimensions.rows;
  head.frameBytes = dimensions.frameBytes;
  head.sum = sumOf(head);
  Progress progress;
  progress.sum = sumOf(progress);
  std::vector<std::uint8_t> bytes(FileLayout::kRecordsAt);
  std::memcpy(bytes.data(), &head, sizeof head);
  std::memcpy(bytes.data() + FileLayout::kProgressAt[0], &progress, sizeof progress);
  return bytes;
}

Result<FileDimensions> readHead(const std::uint8_t* bytes, std::size_t size,
                                const std::string& path) {
  FileHead head;
  if (size < FileLayout::kRecordsAt) return otherKind(path, std::to_string(size) + " bytes");
  std::memcpy(&head, bytes, sizeof head);
  if (head.magic != kReplayMagic) return otherKind(path, "one of another kind");
  if (head.version > kReplayVersion) {
    return mismatch(Code::Version, path + ": version",
                    "at most " + std::to_string(kReplayVersion) + "; a newer spiq wrote this file",
                    std::to_string(head.version));
  }
  if (head.sum != sumOf(head)) return otherKind(path, "one whose head was changed");
  const FileDimensions dimensions{head.capacity, head.size, static_cast<FrameType>(head.type),
                                  head.rows, head.frameBytes};
  const bool sane = head.version == 1 && head.type <= static_cast<std::uint32_t>(FrameType::Bits) &&
                    head.capacity >= 1 && head.capacity <= kMaxReplayCapacity && head.size >= 1 &&
                    head.size <= kMaxFrameSize &&
                    head.rows > static_cast<std::uint64_t>(head.capacity) &&
                    head.rows <= 4 * static_cast<std::uint64_t>(kMaxReplayCapacity) - 1 &&
                    head.frameBytes == storedBytes(dimensions.type, dimensions.size);
  if (!sane) return otherKind(path, "one whose head contradicts itself");
  const FileLayout layout(dimensions);
  if (size != layout.bytes) {
    return mismatch(Code::Format, path, std::to_string(layout.bytes) + " bytes",
                    std::to_string(size));
  }
  return dimensions;
}

}  // namespace spiq
