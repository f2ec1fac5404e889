#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace spiq {

// A cache line, and the widest vector register.
constexpr std::size_t kAlignment = 64;

// What is larger than this is read through fewer entries of the page tables: the weights of a large
// layer, of which each is used once for an observation.
constexpr std::size_t kLargePage = std::size_t{2} << 20;

void preferLargePages(void* memory, std::size_t bytes);

constexpr std::align_val_t alignmentOf(std::size_t bytes) {
  return std::align_val_t{bytes >= kLargePage ? kLargePage : kAlignment};
}

template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}
  T* allocate(std::size_t count) {
    const std::size_t bytes = count * sizeof(T);
    void* memory = ::operator new(bytes, alignmentOf(bytes));
    if (bytes >= kLargePage) preferLargePages(memory, bytes);
    return static_cast<T*>(memory);
  }
  void deallocate(T* pointer, std::size_t count) {
    ::operator delete(pointer, alignmentOf(count * sizeof(T)));
  }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
  friend bool operator!=(const AlignedAllocator&, const AlignedAllocator&) { return false; }
};

// Vectors that kernels load from: no load straddles two cache lines.
template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace spiq
