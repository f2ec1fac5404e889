#include "core/replay/replay.h"

#include <algorithm>
#include <cmath>

#include "core/replay/frame_codec.h"
#include "core/replay/replay_parts.h"

namespace spiq {

namespace {

Status checkWhole(const char* what, std::int64_t value, std::int64_t most) {
  if (value >= 1 && value <= most) return {};
  return mismatch(Code::Range, what, "a whole number from 1 to " + std::to_string(most),
                  std::to_string(value));
}

Status checkBetween(const char* what, double value, double least, double most) {
  if (value >= least && value <= most) return {};
  return mismatch(std::isnan(value) ? Code::NotFinite : Code::Range, what,
                  "a number from " + showNumber(least) + " to " + showNumber(most),
                  showNumber(value));
}

Status check(const ReplayOptions& options) {
  Status status = checkWhole("capacity", options.capacity, kMaxReplayCapacity);
  if (status.ok()) status = checkWhole("observation 'size'", options.size, kMaxFrameSize);
  if (status.ok()) status = checkWhole("observation 'stack'", options.stack, kMaxReplayStack);
  if (status.ok()) status = checkWhole("nStep", options.nStep, kMaxNStep);
  if (status.ok()) status = checkBetween("gamma", options.gamma, 0, 1);
  if (!status.ok() || !options.prioritised) return status;
  const Prioritising& chosen = *options.prioritised;
  status = checkBetween("prioritised 'alpha'", chosen.alpha, 0, 4);
  if (status.ok()) status = checkBetween("prioritised 'beta'", chosen.betaFrom, 0, 1);
  if (status.ok()) status = checkBetween("prioritised 'beta'", chosen.betaTo, 0, 1);
  if (status.ok()) status = checkBetween("prioritised 'epsilon'", chosen.epsilon, 1e-30, 1e30);
  if (status.ok() && !options.replacement) {
    status = mismatch(Code::Unsupported, "replacement", "true for a prioritised memory", "false");
  }
  return status;
}

}  // namespace

Replay::Replay(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Replay::~Replay() = default;

Result<std::unique_ptr<Replay>> Replay::create(const ReplayOptions& options) {
  Status status = check(options);
  if (!status.ok()) return status;
  const std::size_t frameBytes = storedBytes(options.type, options.size);
  std::uint64_t ring = ringRows(options, frameBytes);
  std::unique_ptr<ReplayFile> file;
  MemoryMap memory;
  if (options.file.empty()) {
    Result<MemoryMap> made = MemoryMap::zeros(ring * frameBytes, "frames of a replay");
    if (!made.ok()) return made.status();
    memory = made.take();
  } else {
    const FileDimensions wanted{options.capacity, options.size, options.type, ring, frameBytes};
    auto opened = ReplayFile::open(options.file, wanted, options.readOnly);
    if (!opened.ok()) return opened.status();
    file = opened.take();
    ring = file->rows();
  }
  Result<Rows> rows = Rows::make(ring, frameBytes, file ? file->frames() : memory.data());
  if (!rows.ok()) return rows.status();
  auto parts = std::make_unique<Parts>(options, rows.take());
  parts->frames = std::move(memory);
  parts->file = std::move(file);
  if (options.prioritised) {
    auto made = Prioritised::make(*options.prioritised, ring);
    if (!made.ok()) return made.status();
    parts->prioritised = made.value().get();
    parts->priorityBytes = made.value()->bytes();
    parts->selector = made.take();
  } else {
    parts->selector = makeUniform(options.replacement);
  }
  if (parts->file) status = parts->readFile();
  if (!status.ok()) return status;
  return std::unique_ptr<Replay>(new Replay(std::move(parts)));
}

const ReplayOptions& Replay::options() const {
  return parts_->options;
}

std::size_t Replay::size() const {
  return parts_->drawable.count();
}

std::size_t Replay::stateSize() const {
  return static_cast<std::size_t>(parts_->options.size * parts_->options.stack);
}

std::uint64_t Replay::rows() const {
  return parts_->rows().end();
}

std::size_t Replay::frameBytes() const {
  return parts_->rows().frameBytes();
}

ReplayBytes Replay::bytesInUse() const {
  const Rows& rows = parts_->rows();
  const std::uint64_t used = std::min(rows.end(), rows.capacity());
  return {used * rows.frameBytes(), used * sizeof(RowLinks),
          parts_->priorityBytes * used / rows.capacity()};
}

ReplayBytes Replay::bytesAtMost() const {
  const Rows& rows = parts_->rows();
  return {rows.capacity() * rows.frameBytes(), rows.capacity() * sizeof(RowLinks),
          parts_->priorityBytes};
}

void Replay::share(std::shared_ptr<ThreadPool> pool, std::size_t threads) {
  parts_->pool = std::move(pool);
  parts_->threads = threads;
}

bool Replay::prioritised() const {
  return parts_->prioritised != nullptr;
}

double Replay::beta() const {
  return parts_->prioritised == nullptr ? 0 : parts_->prioritised->beta();
}

Status Replay::setPriorities(View<const std::int64_t> indices, View<const float> errors) {
  const Rows& rows = parts_->rows();
  if (parts_->prioritised == nullptr)
    return mismatch(Code::State, "setPriorities", "a prioritised memory", "a uniform one");
  if (indices.size != errors.size) {
    return mismatch(Code::Shape, "setPriorities",
                    std::to_string(indices.size) + " errors, one for each index",
                    std::to_string(errors.size));
  }
  for (std::size_t i = 0; i < indices.size; ++i) {
    if (indices[i] < 0 || static_cast<std::uint64_t>(indices[i]) >= rows.end()) {
      return mismatch(Code::Range, "setPriorities, index " + std::to_string(i),
                      "one that a batch had", std::to_string(indices[i]));
    }
  }
  Status finite = checkFinite(errors, "setPriorities, error");
  if (!finite.ok()) return finite;
  for (std::size_t i = 0; i < indices.size; ++i) {
    const auto row = static_cast<std::uint64_t>(indices[i]);
    if (!rows.holds(row) || !parts_->drawable.drawable(rows.slotOf(row))) continue;
    parts_->prioritised->setError(rows.slotOf(row), static_cast<double>(errors[i]));
  }
  return {};
}

Status Replay::flush() {
  return parts_->file ? parts_->file->flush() : Status();
}

Status Replay::verify() const {
  return parts_->file ? parts_->file->verify() : Status();
}

}  // namespace spiq
