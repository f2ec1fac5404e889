#pragma once

#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace spiq {

// A state on its way into bytes or out of them: the same calls, in the same order, do both.
class StateBytes {
 public:
  StateBytes() = default;
  // Reads; `bytes` must outlive it.
  StateBytes(const std::uint8_t* bytes, std::size_t size) : from_(bytes), left_(size) {}

  bool reads() const { return from_ != nullptr; }
  // Whether reading used the bytes up, no more and no fewer.
  bool complete() const { return !failed_ && left_ == 0; }
  bool failed() const { return failed_; }
  std::size_t left() const { return left_; }
  void fail() { failed_ = true; }
  std::vector<std::uint8_t>& written() { return written_; }

  template <class T>
  void pass(T* values, std::size_t count) {
    static_assert(std::is_arithmetic_v<T> && !std::is_same_v<T, bool>);
    const std::size_t size = count * sizeof(T);
    if (size == 0) return;
    if (!reads()) {
      const auto* bytes = reinterpret_cast<const std::uint8_t*>(values);
      written_.insert(written_.end(), bytes, bytes + size);
      return;
    }
    if (failed_ || size > left_) {
      failed_ = true;
      return;
    }
    std::memcpy(values, from_, size);
    from_ += size;
    left_ -= size;
  }

 private:
  const std::uint8_t* from_ = nullptr;
  std::size_t left_ = 0;
  bool failed_ = false;
  std::vector<std::uint8_t> written_;
};

}  // namespace spiq
