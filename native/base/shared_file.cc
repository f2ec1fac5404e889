#include "base/shared_file.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

namespace spiq {

static Status failure(const std::string& name, const std::string& expected, int error) {
  return mismatch(Code::File, name, expected, std::strerror(error));
}

// 0, or the error. The question comes first since some file systems find out by filling the disk.
static int allocate(int file, std::size_t bytes, std::size_t held) {
  struct statvfs disk{};
  if (::fstatvfs(file, &disk) != 0) return errno;
  const double free = static_cast<double>(disk.f_bavail) * static_cast<double>(disk.f_frsize);
  if (static_cast<double>(bytes) > free + static_cast<double>(held)) return ENOSPC;
#if defined(__APPLE__)
  return ::ftruncate(file, static_cast<off_t>(bytes)) == 0 ? 0 : errno;
#else
  int error = EINTR;
  while (error == EINTR) error = ::posix_fallocate(file, 0, static_cast<off_t>(bytes));
  return error;
#endif
}

SharedFile::~SharedFile() {
  ::close(file_);
}

Result<std::unique_ptr<SharedFile>> SharedFile::open(const std::string& path, std::size_t bytes) {
  const int file = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) return failure(path, "a file that can be written", errno);
  std::unique_ptr<SharedFile> opened(new SharedFile(path, file));
  Status status = opened->extend(bytes);
  if (!status.ok()) return status;
  return opened;
}

Result<std::unique_ptr<SharedFile>> SharedFile::ofDescriptor(int descriptor, std::size_t bytes) {
  const std::string name = "file descriptor " + std::to_string(descriptor);
  const int access = ::fcntl(descriptor, F_GETFL);
  if (access < 0) return failure(name, "an open one", errno);
  if ((access & O_ACCMODE) != O_RDWR)
    return mismatch(Code::File, name, "one open for reading and writing", "another");
  const int file = ::fcntl(descriptor, F_DUPFD_CLOEXEC, 0);
  if (file < 0) return failure(name, "a free file descriptor", errno);
  std::unique_ptr<SharedFile> opened(new SharedFile(name, file));
  Status status = opened->extend(bytes);
  if (!status.ok()) return status;
  return opened;
}

Status SharedFile::extend(std::size_t bytes) {
  struct stat about{};
  if (::fstat(file_, &about) != 0) return failure(name_, "a readable file", errno);
  if (!S_ISREG(about.st_mode))
    return mismatch(Code::File, name_, "a regular file", "something else");
  if (about.st_size > static_cast<off_t>(bytes)) {
    return mismatch(Code::File, name_, "at most " + std::to_string(bytes) + " bytes",
                    std::to_string(about.st_size));
  }
  const int error = allocate(file_, bytes, static_cast<std::size_t>(about.st_blocks) * 512);
  if (error != 0) {
    // What was found before the room ran out is given back.
    if (::ftruncate(file_, about.st_size) != 0) return failure(name_, "a shorter file", errno);
    return failure(name_, "room for " + std::to_string(bytes) + " bytes", error);
  }
  Result<MemoryMap> mapped = MemoryMap::ofFile(file_, bytes, false, name_);
  if (!mapped.ok()) return mapped.status();
  map_ = mapped.take();
  return {};
}

Status SharedFile::checkSize() const {
  struct stat about{};
  if (::fstat(file_, &about) != 0) return failure(name_, "a readable file", errno);
  if (about.st_size >= static_cast<off_t>(size())) return {};
  return mismatch(Code::File, name_, std::to_string(size()) + " bytes as before",
                  std::to_string(about.st_size));
}

}  // namespace spiq
