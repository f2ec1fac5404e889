#include "core/learn/learner_state.h"

#include <string>

#include "core/sim/sealed_state.h"

namespace spiq {

namespace {

constexpr StateKind kKind{"state of training", 0x6e72616c71697073, 1};  // magic: "spiqlarn"

struct Header {
  std::uint64_t magic = kKind.magic;
  std::uint32_t version = kKind.version;
  std::uint32_t kind = 0;
  std::uint64_t fingerprint = 0;

  void exchange(StateBytes& bytes) {
    bytes.pass(&magic, 1);
    bytes.pass(&version, 1);
    bytes.pass(&kind, 1);
    bytes.pass(&fingerprint, 1);
  }
};

}  // namespace

std::vector<std::uint8_t> saveLearner(LearnerKind kind, std::uint64_t fingerprint,
                                      const Exchange& exchange) {
  Header header;
  header.kind = static_cast<std::uint32_t>(kind);
  header.fingerprint = fingerprint;
  StateBytes bytes;
  header.exchange(bytes);
  exchange(bytes);
  return sealState(bytes);
}

Status restoreLearner(LearnerKind kind, std::uint64_t fingerprint, const std::uint8_t* given,
                      std::size_t size, const Exchange& exchange,
                      const std::function<bool()>& sound) {
  Header header;
  Result<StateBytes> opened = openState(kKind, given, size, header);
  if (!opened.ok()) return opened.status();
  StateBytes& bytes = opened.value();
  if (header.version == 0) return kKind.damaged("some that contradict themselves");
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
  return kKind.damaged("some of another length, or numbers that are not finite");
}

}  // namespace spiq
