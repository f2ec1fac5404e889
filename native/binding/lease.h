#pragma once

#include <map>
#include <vector>

#include <napi.h>

namespace spiq {

// Which memory of JavaScript's is in use by running jobs: any number may read a range, one alone
// may hold it to write.
class LeaseTable {
 public:
  enum class Use { Read, Write };

  struct Range {
    const std::uint8_t* begin;
    const std::uint8_t* end;
    Use use;
  };

  // Throws E_BUFFER_BUSY where the range overlaps one in use and either is for writing.
  std::size_t take(Napi::Env env, const Range& range);
  // The same refusal for work that is over before anybody else could ask.
  void check(Napi::Env env, const Range& range) const;
  void giveBack(std::size_t ticket) { ranges_.erase(ticket); }

 private:
  std::map<std::size_t, Range> ranges_;
  std::size_t next_ = 0;
};

// Keeps a typed array alive and its range reserved. Made and destroyed on the JavaScript thread.
class Lease {
 public:
  Lease(LeaseTable& table, const Napi::TypedArray& array, LeaseTable::Use use);
  ~Lease();
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  LeaseTable& table_;
  std::size_t ticket_;
  Napi::ObjectReference array_;
};

}  // namespace spiq
