#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/memory_map.h"
#include "base/status.h"

namespace spiq {

// A file that another process writes to and this one reads, in the address space of both.
class SharedFile {
 public:
  // A file that is there is made `bytes` long, with room on the disk for all of them, and mapped. A
  // longer one is refused: somebody else's.
  static Result<std::unique_ptr<SharedFile>> open(const std::string& path, std::size_t bytes);
  // The same of a file that is open and need not have a name any more. The descriptor stays the
  // caller's.
  static Result<std::unique_ptr<SharedFile>> ofDescriptor(int descriptor, std::size_t bytes);
  ~SharedFile();
  SharedFile(const SharedFile&) = delete;
  SharedFile& operator=(const SharedFile&) = delete;

  std::size_t size() const { return map_.size(); }
  const std::uint8_t* data() const { return map_.data(); }
  // Whether the file is as long as it was: to read a page that another process has cut off would
  // end this one. To be called before each reading.
  Status checkSize() const;

 private:
  SharedFile(std::string name, int file) : name_(std::move(name)), file_(file) {}
  Status extend(std::size_t bytes);

  std::string name_;
  int file_;
  MemoryMap map_;
};

}  // namespace spiq
