#include "binding/lease.h"

#include "binding/errors.h"

namespace spiq {

std::size_t LeaseTable::take(Napi::Env env, const Range& range) {
  for (const auto& [ticket, other] : ranges_) {
    const bool overlap = range.begin < other.end && other.begin < range.end;
    if (overlap && (range.use == Use::Write || other.use == Use::Write)) {
      throw toError(env,
                    mismatch(Code::BufferBusy, "buffer", "one that no running job uses",
                             other.use == Use::Write ? "one being written" : "one being read"));
    }
  }
  ranges_.emplace(next_, range);
  return next_++;
}

Lease::Lease(LeaseTable& table, const Napi::TypedArray& array, LeaseTable::Use use)
    : table_(table), array_(Napi::Persistent(array.As<Napi::Object>())) {
  const auto* begin =
      static_cast<const std::uint8_t*>(array.ArrayBuffer().Data()) + array.ByteOffset();
  ticket_ = table.take(array.Env(), {begin, begin + array.ByteLength(), use});
}

Lease::~Lease() {
  table_.giveBack(ticket_);
}

}  // namespace spiq
