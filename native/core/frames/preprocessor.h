#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "base/shape.h"
#include "base/status.h"

namespace spiq {

constexpr std::int64_t kMaxFrameSide = 4096;       // pixels
constexpr std::int64_t kMaxFrameCopies = 1 << 16;  // of an environment

enum class Preprocessing : std::uint8_t { Patel, Mnih, Nature, Neon };

struct PreprocessorOptions {
  Preprocessing kind = Preprocessing::Nature;
  std::int64_t height = 210;  // of a frame in pixels, as the Atari 2600 draws it
  std::int64_t width = 160;
  std::int64_t copies = 1;
  std::string isa = "auto";
};

// A frame of an emulator and the one that it drew before, null where there was none.
struct FramePair {
  const std::uint8_t* newest = nullptr;
  const std::uint8_t* before = nullptr;
};

// Makes observations of the frames of a game, for each copy of an environment with a history of its
// own. What the frames and places hold, the caller answers for; copies are checked.
class Preprocessor {
 public:
  static Result<std::unique_ptr<Preprocessor>> create(const PreprocessorOptions& options);

  virtual ~Preprocessor() = default;
  Preprocessor(const Preprocessor&) = delete;
  Preprocessor& operator=(const Preprocessor&) = delete;

  std::size_t copies() const { return copies_; }
  // Bytes of a frame: of three channels, or of one.
  std::size_t frameBytes() const { return frameBytes_; }
  // Of an observation: [channels, height, width].
  const Shape& shape() const { return shape_; }
  std::size_t observationSize() const { return size_; }

  // The first frames of an episode into its first observation.
  virtual Status begin(std::size_t copy, const FramePair& frames, std::uint8_t* into) = 0;
  // The frames that follow into the next.
  virtual Status step(std::size_t copy, const FramePair& frames, std::uint8_t* into) = 0;
  // Whether `step` can be called.
  virtual bool begun(std::size_t copy) const = 0;

 protected:
  Preprocessor(std::size_t copies, std::size_t frameBytes, Shape shape);

 private:
  std::size_t copies_;
  std::size_t frameBytes_;
  Shape shape_;
  std::size_t size_ = 1;
};

}  // namespace spiq
