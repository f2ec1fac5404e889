#include "core/learn/learner_state.h"

#include <string>

#include "core/plan/fingerprint.h"

namespace spiq {

namespace {

constexpr std::uint64_t kMagic = 0x6e72616c71697073;  // "spiqlarn"
constexpr std::uint32_t kVersion = 1;

struct Header {
  std::uint64_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint32_t kind = 0;
  std::uint64_t fingerprint = 0;

  void exchange(StateBytes& bytes) {
    bytes.pass(&magic, 1);
    bytes.pass(&version, 1);
    bytes.pass(&kind, 1);
    bytes.pass(&fingerprint, 1);
  }
};

Status damaged(const std::string& received) {
  return mismatch(Code::Format, "state of training", "bytes that save() has given", received);
}

}  // namespace

std::vector<std::uint8_t> saveLearner(LearnerKind kind, std::uint64_t fingerprint,
                                      const Exchange& exchange) {
  Header header;
  header.kind = static_cast<std::uint32_t>(kind);
  header.fingerprint = fingerprint;
  StateBytes bytes;
  header.exchange(bytes);
  exchange(bytes);
  std::uint64_t checksum = hashBytes(bytes.written().data(), bytes.written().size(), kHashStart);
  bytes.pass(&checksum, 1);
  return std::move(bytes.written());
}

Status restoreLearner(LearnerKind kind, std::uint64_t fingerprint, const std::uint8_t* given,
                      std::size_t size, const Exchange& exchange,
                      const std::function<bool()>& sound) {
  std::uint64_t checksum = 0;
  if (size < sizeof checksum) return damaged(std::to_string(size) + " bytes");
  const std::size_t content = size - sizeof checksum;
  StateBytes bytes(given, content);
  Header header;
  header.exchange(bytes);
  if (bytes.failed() || header.magic != kMagic) return damaged("bytes of another kind");
  if (header.version > kVersion) {
    return mismatch(Code::Version, "state of training: version",
                    "at most " + std::to_string(kVersion) + "; a newer spiq wrote these bytes",
                    std::to_string(header.version));
  }
  std::memcpy(&checksum, given + content, sizeof checksum);
  if (checksum != hashBytes(given, content, kHashStart)) return damaged("some that were changed");
  if (header.version == 0) return damaged("some that contradict themselves");
  if (header.kind != static_cast<std::uint32_t>(kind) || header.fingerprint != fingerprint) {
    return mismatch(Code::Argument, "state of training", "one of the same network and optimiser",
                    "that of another");
  }
  StateBytes before;
  exchange(before);
  exchange(bytes);
  if (bytes.complete() && sound()) return {};
  StateBytes back(before.written().data(), before.written().size());
  exchange(back);
  return damaged("some of another length, or numbers that are not finite");
}

}  // namespace spiq
