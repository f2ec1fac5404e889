#include "binding/lease.h"

#include "binding/errors.h"

namespace spiq {

namespace {

// Not through ArrayBuffer(), which fails for shared memory.
const std::uint8_t* dataOf(const Napi::TypedArray& array) {
  void* data = nullptr;
  if (napi_get_typedarray_info(array.Env(), array, nullptr, nullptr, &data, nullptr, nullptr) !=
      napi_ok) {
    throw Napi::Error::New(array.Env());
  }
  return static_cast<const std::uint8_t*>(data);
}

}  // namespace

void LeaseTable::check(Napi::Env env, const Range& range) const {
  for (const auto& [ticket, other] : ranges_) {
    const bool overlap = range.begin < other.end && other.begin < range.end;
    if (overlap && (range.use == Use::Write || other.use == Use::Write)) {
      throw toError(env,
                    mismatch(Code::BufferBusy, "buffer", "one that no running job uses",
                             other.use == Use::Write ? "one being written" : "one being read"));
    }
  }
}

std::size_t LeaseTable::take(Napi::Env env, const Range& range) {
  check(env, range);
  ranges_.emplace(next_, range);
  return next_++;
}

Lease::Lease(LeaseTable& table, const Napi::TypedArray& array, LeaseTable::Use use)
    : table_(table), array_(Napi::Persistent(array.As<Napi::Object>())) {
  const auto* begin = dataOf(array);
  ticket_ = table.take(array.Env(), {begin, begin + array.ByteLength(), use});
}

Lease::~Lease() {
  table_.giveBack(ticket_);
}

}  // namespace spiq
