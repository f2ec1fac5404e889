#include "base/mapped_file.h"

#include <algorithm>
#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace spiq {

namespace {

constexpr mode_t kMode = 0666;  // less what the process's umask takes

Status failure(const std::string& path, const std::string& expected) {
  return mismatch(Code::File, path, expected, std::strerror(errno));
}

Status writeAll(int file, const std::vector<std::uint8_t>& bytes, const std::string& path) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(file, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failure(path, "a file that can be written");
    written += static_cast<std::size_t>(count);
  }
  return {};
}

// The name itself survives a power cut once its directory is flushed.
Status flushDirectory(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  const int opened = ::open(directory.c_str(), O_RDONLY | O_CLOEXEC);
  if (opened < 0) return failure(directory, "a directory that can be flushed");
  const bool flushed = ::fsync(opened) == 0;
  const Status status = flushed ? Status() : failure(directory, "a directory that can be flushed");
  ::close(opened);
  return status;
}

std::string partialName(const std::string& path, int attempt) {
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  return path.substr(0, name) + "." + path.substr(name) + "." + std::to_string(::getpid()) + "-" +
         std::to_string(attempt) + ".partial";
}

}  // namespace

MappedFile::~MappedFile() {
  ::close(file_);
}

Status MappedFile::failed(const std::string& expected) const {
  return failure(path_, expected);
}

Status MappedFile::lock() const {
  if (::flock(file_, (writes_ ? LOCK_EX : LOCK_SH) | LOCK_NB) == 0) return {};
  if (errno != EWOULDBLOCK) return failed("a file that can be locked");
  return mismatch(Code::State, path_,
                  writes_ ? "a file that nobody else has open" : "a file that nobody writes to",
                  writes_ ? "one that is in use" : "one that is being written");
}

Status MappedFile::map(std::size_t bytes) {
  Result<MemoryMap> mapped = MemoryMap::ofFile(file_, bytes, writes_, path_);
  if (!mapped.ok()) return mapped.status();
  map_ = mapped.take();
  return {};
}

Result<std::unique_ptr<MappedFile>> MappedFile::open(const std::string& path, Access access) {
  const bool writes = access == Access::Write;
  const int file = ::open(path.c_str(), (writes ? O_RDWR : O_RDONLY) | O_CLOEXEC);
  if (file < 0) return failure(path, writes ? "a file that can be written" : "a readable file");
  std::unique_ptr<MappedFile> opened(new MappedFile(path, file, writes));
  Status status = opened->lock();
  if (!status.ok()) return status;
  struct stat about{};
  if (::fstat(file, &about) != 0) return failure(path, "a readable file");
  if (about.st_size == 0)
    return mismatch(Code::Format, path, "a file with content", "an empty one");
  status = opened->map(static_cast<std::size_t>(about.st_size));
  if (!status.ok()) return status;
  return opened;
}

Result<std::unique_ptr<MappedFile>> MappedFile::create(const std::string& path,
                                                       const std::vector<std::uint8_t>& head,
                                                       std::size_t bytes) {
  int file = -1;
  std::string partial;
  // Names that a killed process has left are passed over.
  for (int attempt = 0; file < 0; ++attempt) {
    partial = partialName(path, attempt);
    file = ::open(partial.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, kMode);
    if (file < 0 && errno != EEXIST) return failure(path, "a file that can be created");
  }
  std::unique_ptr<MappedFile> created(new MappedFile(path, file, true));
  const auto finish = [&]() -> Status {
    Status status = created->lock();
    if (status.ok()) status = writeAll(file, head, path);
    if (status.ok() && ::ftruncate(file, static_cast<off_t>(bytes)) != 0)
      status = created->failed("a file that can have " + std::to_string(bytes) + " bytes");
    if (status.ok() && ::fsync(file) != 0) status = created->failed("a file that can be flushed");
    if (status.ok()) status = created->map(bytes);
    // Unlike a renaming, a link never takes another file's place.
    if (status.ok() && ::link(partial.c_str(), path.c_str()) != 0)
      status = created->failed("a name that is free");
    return status;
  };
  const Status status = finish();
  ::unlink(partial.c_str());
  if (!status.ok()) return status;
  const Status flushed = flushDirectory(path);
  if (!flushed.ok()) return flushed;
  return created;
}

Status MappedFile::reserve(std::size_t offset, std::size_t bytes) {
#if defined(__APPLE__)
  static_cast<void>(offset);
  static_cast<void>(bytes);
#else
  const int error = ::posix_fallocate(file_, static_cast<off_t>(offset), static_cast<off_t>(bytes));
  if (error != 0) {
    return mismatch(Code::File, path_, "room for " + std::to_string(bytes) + " more bytes",
                    std::strerror(error));
  }
#endif
  return {};
}

Status MappedFile::flush(std::size_t offset, std::size_t bytes) {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t begin = offset / page * page;
  const std::size_t end = std::min(offset + bytes, size());
  if (begin >= end) return {};
  if (::msync(data() + begin, end - begin, MS_SYNC) != 0)
    return failed("a file that can be flushed");
  return {};
}

}  // namespace spiq
