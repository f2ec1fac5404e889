#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/memory_map.h"
#include "base/status.h"

namespace spiq {

// A file in the address space, locked for as long as it is open: one writer, or any number of
// readers. What was written outlives a killed process at once and a power cut after `flush`.
class MappedFile {
 public:
  enum class Access { Read, Write };

  // Locks and maps the whole file.
  static Result<std::unique_ptr<MappedFile>> open(const std::string& path, Access access);
  // A file of `bytes` that begins with `head` and has zeros behind it, which take no room on disk.
  // It stands under its name once that much is safe; a file of that name must not be there.
  static Result<std::unique_ptr<MappedFile>> create(const std::string& path,
                                                    const std::vector<std::uint8_t>& head,
                                                    std::size_t bytes);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  const std::string& path() const { return path_; }
  std::uint8_t* data() const { return map_.data(); }
  std::size_t size() const { return map_.size(); }
  bool writes() const { return writes_; }

  // Finds room on the disk before anything is written there: a full disk is an error here and the
  // end of the process where a page is touched.
  Status reserve(std::size_t offset, std::size_t bytes);
  Status flush(std::size_t offset, std::size_t bytes);

 private:
  MappedFile(std::string path, int file, bool writes)
      : path_(std::move(path)), file_(file), writes_(writes) {}
  Status lock() const;
  Status map(std::size_t bytes);
  Status failed(const std::string& expected) const;

  std::string path_;
  int file_;
  bool writes_;
  MemoryMap map_;
};

}  // namespace spiq
