#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "base/mapped_file.h"
#include "core/replay/file_layout.h"
#include "core/replay/options.h"

namespace spiq {

// The log of a replay memory on disk: a ring of what came from the environment, a record and a
// frame for each row, from which everything else follows. docs/replay.md describes the bytes and
// the order in which they are written; rows are whole or they are not there.
class ReplayFile {
 public:
  // Opens the file, or creates it where there is none and it may be written.
  static Result<std::unique_ptr<ReplayFile>> open(const std::string& path,
                                                  const FileDimensions& dimensions, bool readOnly);

  std::uint64_t rows() const { return layout_.dimensions.rows; }
  // Rows that were found whole: [first, end).
  std::uint64_t first() const { return first_; }
  std::uint64_t end() const { return end_; }
  const RowRecord& record(std::uint64_t row) const;
  std::uint8_t* frames() const { return file_->data() + layout_.framesAt; }
  bool writes() const { return file_->writes(); }
  const std::string& path() const { return file_->path(); }

  // To be called before a row's frame is written.
  Status prepare(std::uint64_t row);
  // Completes a row whose frame has been written.
  void commit(RowRecord record);
  // All rows so far survive a power cut from here on.
  Status flush();
  // Every frame against its checksum.
  Status verify() const;
  // Forgets rows from `row` on.
  Status rewind(std::uint64_t row);

 private:
  ReplayFile(std::unique_ptr<MappedFile> file, const FileLayout& layout)
      : file_(std::move(file)), layout_(layout) {}
  RowRecord* records() const;
  const std::uint8_t* frame(std::uint64_t row) const;
  bool whole(std::uint64_t row) const;
  Status verifyFrames(std::uint64_t first, std::uint64_t end) const;
  Status checkDimensions(const FileDimensions& wanted);
  Status findRows();
  Status writeProgress(Progress next);
  Status flushRows(std::uint64_t first, std::uint64_t end);
  Status damaged(const std::string& what, const std::string& expected,
                 const std::string& received) const;

  std::unique_ptr<MappedFile> file_;
  FileLayout layout_;
  Progress progress_;
  std::uint64_t first_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t reserved_ = 0;  // rows whose place on disk is certain
};

// What the file's head says, for those who have no options yet.
Result<FileDimensions> replayFileDimensions(const std::string& path);

}  // namespace spiq
