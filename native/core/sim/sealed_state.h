#pragma once

#include <string>
#include <vector>

#include "base/status.h"
#include "core/plan/fingerprint.h"
#include "core/sim/state_bytes.h"

namespace spiq {

// States in bytes: a header that begins with magic and version, the content, a checksum.
struct StateKind {
  const char* what;
  std::uint64_t magic;
  std::uint32_t version;  // the newest that is known

  Status damaged(const std::string& received) const {
    return mismatch(Code::Format, what, "bytes that save() has given", received);
  }
};

inline std::vector<std::uint8_t> sealState(StateBytes& bytes) {
  std::uint64_t checksum = hashBytes(bytes.written().data(), bytes.written().size(), kHashStart);
  bytes.pass(&checksum, 1);
  return std::move(bytes.written());
}

// Reads the header, and gives the content behind it, which lies in `given`.
template <class Header>
Result<StateBytes> openState(const StateKind& kind, const std::uint8_t* given, std::size_t size,
                             Header& header) {
  std::uint64_t checksum = 0;
  if (size < sizeof checksum) return kind.damaged(std::to_string(size) + " bytes");
  const std::size_t content = size - sizeof checksum;
  StateBytes bytes(given, content);
  header.exchange(bytes);
  if (bytes.failed() || header.magic != kind.magic) return kind.damaged("bytes of another kind");
  if (header.version > kind.version) {
    return mismatch(Code::Version, std::string(kind.what) + ": version",
                    "at most " + std::to_string(kind.version) + "; a newer spiq wrote these bytes",
                    std::to_string(header.version));
  }
  std::memcpy(&checksum, given + content, sizeof checksum);
  if (checksum != hashBytes(given, content, kHashStart))
    return kind.damaged("some that were changed");
  return bytes;
}

}  // namespace spiq
