#pragma once

#include <functional>
#include <vector>

#include "base/status.h"
#include "core/sim/state_bytes.h"

// What a learner has come to, in bytes: magic, version, kind, fingerprint, the learner's own, a
// checksum. Numbers are little-endian, as on every machine that spiq runs on.

namespace spiq {

enum class LearnerKind : std::uint32_t { Trainer = 1, Dqn = 2 };

using Exchange = std::function<void(StateBytes&)>;

std::vector<std::uint8_t> saveLearner(LearnerKind kind, std::uint64_t fingerprint,
                                      const Exchange& exchange);

// `sound` says whether what was read can be gone on with. Bytes that are refused change nothing.
Status restoreLearner(LearnerKind kind, std::uint64_t fingerprint, const std::uint8_t* given,
                      std::size_t size, const Exchange& exchange,
                      const std::function<bool()>& sound);

}  // namespace spiq
