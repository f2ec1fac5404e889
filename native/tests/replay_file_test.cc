#include "core/replay/replay_file.h"

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include <unistd.h>

#include "core/replay/replay.h"
#include "tests/check.h"

namespace spiq {

namespace {

// A folder that goes with its case.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "spiq-test-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

constexpr std::size_t kFrame = 10;

ReplayOptions optionsOf(const std::string& file) {
  ReplayOptions options;
  options.capacity = 40;
  options.size = kFrame;
  options.type = FrameType::Uint8;
  options.file = file;
  return options;
}

std::unique_ptr<Replay> opened(const std::string& file) {
  Result<std::unique_ptr<Replay>> replay = Replay::create(optionsOf(file));
  if (!replay.ok()) tests::fail(__FILE__, __LINE__, "open", "a file", replay.status().message());
  return replay.take();
}

std::vector<std::uint8_t> frameOf(std::uint64_t row) {
  std::vector<std::uint8_t> frame(kFrame);
  for (std::size_t i = 0; i < kFrame; ++i) frame[i] = static_cast<std::uint8_t>(row * 31 + i * 7);
  return frame;
}

// Row 0 begins the only episode.
void addRow(Replay& replay) {
  const std::uint64_t row = replay.rows();
  const std::vector<std::uint8_t> frame = frameOf(row);
  ReplayStep step;
  step.action = static_cast<std::int32_t>(row);
  const Status status =
      row == 0 ? replay.begin(frame.data(), 0) : replay.add(step, frame.data(), 0);
  EXPECT_EQUAL(status.message(), std::string());
}

std::vector<char> bytesOf(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

FileDimensions dimensionsOf(const std::string& file) {
  const std::vector<char> bytes = bytesOf(file);
  return readHead(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size(), file).take();
}

void writeBytes(const std::string& file, const std::vector<char>& bytes) {
  std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<long>(bytes.size()));
}

// Every transition of the newest rows is there and has the frames that were written.
void expectRows(const std::string& file, std::uint64_t rows) {
  const auto replay = opened(file);
  EXPECT_EQUAL(replay->rows(), rows);
  EXPECT_EQUAL(replay->verify().message(), std::string());
  const std::size_t count = std::min<std::size_t>(40, rows - 1);
  EXPECT_EQUAL(replay->size(), count);
  ReplayBatch batch;
  EXPECT_EQUAL(replay->sample(200, batch).message(), std::string());
  for (std::size_t i = 0; i < 200; ++i) {
    const auto row = static_cast<std::uint64_t>(batch.indices[i]);
    EXPECT_TRUE(row + 1 < rows && row + 1 + count >= rows);
    EXPECT_EQUAL(batch.actions[i], static_cast<std::int32_t>(row + 1));
    for (std::size_t k = 0; k < kFrame; ++k) {
      EXPECT_EQUAL(batch.states[i * kFrame + k], static_cast<float>(frameOf(row)[k]));
      EXPECT_EQUAL(batch.nextStates[i * kFrame + k], static_cast<float>(frameOf(row + 1)[k]));
    }
  }
}

}  // namespace

// Between any two bytes that a step changes: what a process that is killed there leaves behind.
CASE("a step that is cut off anywhere takes nothing with it") {
  const Folder folder;
  const std::string file = folder / "whole";
  const std::string torn = folder / "torn";
  auto replay = opened(file);
  const FileDimensions dimensions = dimensionsOf(file);
  const FileLayout layout(dimensions);
  std::uint64_t compared = 0;
  for (std::uint64_t row = 0; row < 2 * dimensions.rows + 9; ++row) {
    const bool looks = row > 3 && (row < 8 || row % 97 == 0 || row % dimensions.rows < 2);
    if (row % 211 == 5) EXPECT_EQUAL(replay->flush().message(), std::string());
    const std::vector<char> before = looks ? bytesOf(file) : std::vector<char>();
    addRow(*replay);
    if (!looks) continue;
    const std::vector<char> after = bytesOf(file);
    // In the order in which they are written: the head's progress, the frame, the record.
    const std::size_t slot = row % dimensions.rows;
    const std::size_t record = FileLayout::kRecordsAt + slot * sizeof(RowRecord);
    std::vector<std::size_t> changed;
    const auto add = [&](std::size_t begin, std::size_t end) {
      for (std::size_t at = begin; at < end; ++at) {
        if (before[at] != after[at]) changed.push_back(at);
      }
    };
    add(0, FileLayout::kRecordsAt);
    add(layout.framesAt + slot * kFrame, layout.framesAt + (slot + 1) * kFrame);
    add(record, record + sizeof(RowRecord));
    std::vector<char> bytes = before;
    for (const std::size_t at : changed) {
      writeBytes(torn, bytes);
      expectRows(torn, row);
      bytes[at] = after[at];
      ++compared;
    }
    EXPECT_TRUE(bytes == after);
    writeBytes(torn, bytes);
    expectRows(torn, row + 1);
  }
  EXPECT_TRUE(compared > 300);
}

// After a power cut any of what was not flushed may be missing, in any order.
CASE("rows that were flushed survive the loss of any later ones") {
  const Folder folder;
  const std::string file = folder / "whole";
  const std::string cut = folder / "cut";
  auto replay = opened(file);
  const FileDimensions dimensions = dimensionsOf(file);
  const FileLayout layout(dimensions);
  constexpr std::uint64_t kFlushed = 500;  // the ring has been written over
  while (replay->rows() < kFlushed) addRow(*replay);
  EXPECT_EQUAL(replay->flush().message(), std::string());
  const std::vector<char> flushed = bytesOf(file);
  while (replay->rows() < kFlushed + 30) addRow(*replay);
  const std::vector<char> later = bytesOf(file);
  for (std::uint64_t lost = kFlushed; lost < kFlushed + 30; ++lost) {
    for (const bool frameOnly : {false, true}) {
      // All but one row reached the disk, or its record did without its frame.
      std::vector<char> bytes = later;
      const std::size_t slot = lost % dimensions.rows;
      const auto back = [&](std::size_t at, std::size_t size) {
        std::memcpy(bytes.data() + at, flushed.data() + at, size);
      };
      back(layout.framesAt + slot * kFrame, kFrame);
      if (!frameOnly) back(FileLayout::kRecordsAt + slot * sizeof(RowRecord), sizeof(RowRecord));
      writeBytes(cut, bytes);
      expectRows(cut, lost);
      // And goes on from there.
      auto again = opened(cut);
      for (int row = 0; row < 50; ++row) addRow(*again);
      EXPECT_EQUAL(again->flush().message(), std::string());
      again.reset();
      expectRows(cut, lost + 50);
    }
  }
}

// The rows behind the saved ones go, and older ones that they were written over stay gone.
CASE("a file that went back to a saved state opens with its rows") {
  const Folder folder;
  for (const int more : {1, 2, 7, 100}) {
    const std::string file = folder / std::to_string(more);
    auto replay = opened(file);
    const std::uint64_t saved = 500;  // the ring has been written over
    while (replay->rows() < saved) addRow(*replay);
    std::vector<std::vector<std::uint8_t>> blocks;
    blocks.reserve(replay->saveBlocks());
    for (std::uint64_t number = 0; number < replay->saveBlocks(); ++number)
      blocks.push_back(replay->saveBlock(number));
    for (int row = 0; row < more; ++row) addRow(*replay);
    for (std::size_t at = 0; at < blocks.size(); ++at) {
      const bool last = at + 1 == blocks.size();
      EXPECT_EQUAL(replay->restoreBlock(blocks[at].data(), blocks[at].size(), last).message(),
                   std::string());
    }
    const std::string killed = folder / "killed";
    writeBytes(killed, bytesOf(file));
    EXPECT_EQUAL(replay->flush().message(), std::string());
    replay.reset();
    for (const std::string& left : {killed, file}) {
      expectRows(left, saved);
      auto again = opened(left);
      for (int row = 0; row < 50; ++row) addRow(*again);
      again.reset();
      expectRows(left, saved + 50);
    }
  }
}

}  // namespace spiq
