#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace spiq {

// How an observation lies in the memory.
enum class FrameType : std::uint8_t {
  Float32,
  Uint8,  // whole numbers from 0 to 255
  Bits,   // zeros and ones, the first in a byte's highest bit, as numpy.packbits has it
};

// Which end of a state its newest frame is at.
enum class FrameOrder : std::uint8_t { OldestFirst, NewestFirst };

// What stands in a state for frames before the episode's first.
enum class FramePadding : std::uint8_t {
  Zeros,   // Dopamine (Castro et al., arXiv:1812.06110)
  Repeat,  // the first frame again: FrameStack of OpenAI Baselines and Gymnasium
  Skip,    // such states are never sampled: simple_dqn; acting sees zeros
};

// Proportional prioritisation (Schaul, Quan, Antonoglou and Silver, "Prioritized experience
// replay", ICLR 2016, section 3.3): priority (|error| + epsilon)^alpha, importance weights
// (N P)^-beta over their largest in the batch. Beta moves from `betaFrom` to `betaTo` in a straight
// line over `betaBatches` batches.
struct Prioritising {
  double alpha = 0.6;
  double betaFrom = 0.4;
  double betaTo = 1.0;
  std::uint64_t betaBatches = 0;  // 0: `betaFrom` for good
  double epsilon = 1e-6;
};

struct ReplayOptions {
  std::int64_t capacity = 0;  // transitions; the oldest make room for new ones
  std::int64_t size = 0;      // values of a frame
  FrameType type = FrameType::Float32;
  std::int64_t stack = 1;  // frames of a state
  FrameOrder order = FrameOrder::OldestFirst;
  FramePadding padding = FramePadding::Zeros;
  std::int64_t nStep = 1;
  double gamma = 0.99;
  bool replacement = true;  // false: no transition twice in a batch; uniform sampling only
  std::optional<Prioritising> prioritised;  // otherwise uniform
  std::uint64_t seed = 0;
  std::string file;  // where the frames lie; empty: in memory
  bool readOnly = false;
};

constexpr std::int64_t kMaxReplayCapacity = std::int64_t{1} << 30;
constexpr std::int64_t kMaxReplayStack = 255;
constexpr std::int64_t kMaxNStep = 1024;
constexpr std::int64_t kMaxReplayCopies = 65536;
constexpr std::int64_t kMaxReplayBatch = std::int64_t{1} << 20;

}  // namespace spiq
