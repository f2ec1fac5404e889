#pragma once

#include <cstddef>
#include <new>
#include <vector>

namespace spiq {

// A cache line, and the widest vector register.
constexpr std::size_t kAlignment = 64;

template <class T>
struct AlignedAllocator {
  using value_type = T;
  AlignedAllocator() = default;
  template <class U>
  explicit AlignedAllocator(const AlignedAllocator<U>& /*other*/) {}
  T* allocate(std::size_t count) {
    return static_cast<T*>(::operator new(count * sizeof(T), std::align_val_t{kAlignment}));
  }
  void deallocate(T* pointer, std::size_t /*count*/) {
    ::operator delete(pointer, std::align_val_t{kAlignment});
  }
  friend bool operator==(const AlignedAllocator&, const AlignedAllocator&) { return true; }
  friend bool operator!=(const AlignedAllocator&, const AlignedAllocator&) { return false; }
};

// Vectors that kernels load from: no load straddles two cache lines.
template <class T>
using AlignedVector = std::vector<T, AlignedAllocator<T>>;

}  // namespace spiq
