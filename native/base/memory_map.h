#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "base/status.h"

namespace spiq {

// Address space whose pages come into being when they are first written, so that what is reserved
// and not used costs nothing. Either of nobody else's, full of zeros, or a file's.
class MemoryMap {
 public:
  MemoryMap() = default;
  MemoryMap(MemoryMap&& other) noexcept;
  MemoryMap& operator=(MemoryMap&& other) noexcept;
  MemoryMap(const MemoryMap&) = delete;
  MemoryMap& operator=(const MemoryMap&) = delete;
  ~MemoryMap();

  static Result<MemoryMap> zeros(std::size_t bytes, const std::string& what);
  static Result<MemoryMap> ofFile(int file, std::size_t bytes, bool writes,
                                  const std::string& what);

  std::uint8_t* data() const { return data_; }
  std::size_t size() const { return size_; }

 private:
  MemoryMap(std::uint8_t* data, std::size_t size) : data_(data), size_(size) {}

  std::uint8_t* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace spiq
