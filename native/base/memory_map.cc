#include "base/memory_map.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <sys/mman.h>

#include "base/aligned.h"

namespace spiq {

namespace {

Status refused(Code code, const std::string& what, std::size_t bytes) {
  return mismatch(code, what, "address space for " + std::to_string(bytes) + " bytes",
                  std::strerror(errno));
}

}  // namespace

MemoryMap::MemoryMap(MemoryMap&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

MemoryMap& MemoryMap::operator=(MemoryMap&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

MemoryMap::~MemoryMap() {
  if (data_ != nullptr) ::munmap(data_, size_);
}

Result<MemoryMap> MemoryMap::zeros(std::size_t bytes, const std::string& what) {
#if defined(MAP_NORESERVE)
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
#else
  constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS;
#endif
  void* data = ::mmap(nullptr, bytes, PROT_READ | PROT_WRITE, kFlags, -1, 0);
  if (data == MAP_FAILED) return refused(Code::Memory, what, bytes);
  if (bytes >= kLargePage) preferLargePages(data, bytes);
  return MemoryMap(static_cast<std::uint8_t*>(data), bytes);
}

Result<MemoryMap> MemoryMap::ofFile(int file, std::size_t bytes, bool writes,
                                    const std::string& what) {
  const int access = writes ? PROT_READ | PROT_WRITE : PROT_READ;
  void* data = ::mmap(nullptr, bytes, access, MAP_SHARED, file, 0);
  if (data == MAP_FAILED) return refused(Code::File, what, bytes);
  return MemoryMap(static_cast<std::uint8_t*>(data), bytes);
}

}  // namespace spiq
