#include <algorithm>

#include "core/plan/fingerprint.h"
#include "core/sim/row_stream.h"
#include "core/sim/runner.h"

// A stream's state in bytes: magic, version, fingerprint of the plan, rows, place, the runners'
// state, a checksum. Numbers are little-endian, as on every machine that spiq runs on.

namespace spiq {

namespace {

constexpr std::uint64_t kMagic = 0x6d72747371697073;  // "spiqstrm"
constexpr std::uint32_t kVersion = 1;

struct Header {
  std::uint64_t magic = kMagic;
  std::uint32_t version = kVersion;
  std::uint64_t fingerprint = 0;
  std::uint64_t rows = 0;
  std::uint64_t seed = 0;
  std::uint64_t firstObservation = 0;
  std::int64_t at = 0;
  std::uint8_t observed = 0;

  void exchange(StateBytes& bytes) {
    bytes.pass(&magic, 1);
    bytes.pass(&version, 1);
    bytes.pass(&fingerprint, 1);
    bytes.pass(&rows, 1);
    for (std::uint64_t* value : {&seed, &firstObservation}) bytes.pass(value, 1);
    bytes.pass(&at, 1);
    bytes.pass(&observed, 1);
  }
};

Status damaged(const std::string& received) {
  return mismatch(Code::Format, "state of a stream", "bytes that save() has given", received);
}

}  // namespace

template <class Real>
std::vector<std::uint8_t> RowStream<Real>::save() {
  Header header;
  header.fingerprint = fingerprint(simulation_.plan(), simulation_.options());
  header.rows = options_.rows;
  header.seed = options_.seed;
  header.firstObservation = firstObservation();
  header.at = at_;
  header.observed = observed_ ? 1 : 0;
  StateBytes bytes;
  header.exchange(bytes);
  for (auto& runner : runners_) runner->exchange(bytes);
  std::uint64_t checksum = hashBytes(bytes.written().data(), bytes.written().size(), kHashStart);
  bytes.pass(&checksum, 1);
  return std::move(bytes.written());
}

template <class Real>
Status RowStream<Real>::restore(const std::uint8_t* given, std::size_t size, Control& control) {
  std::uint64_t checksum = 0;
  if (size < sizeof checksum) return damaged(std::to_string(size) + " bytes");
  const std::size_t content = size - sizeof checksum;
  StateBytes bytes(given, content);
  Header header;
  header.exchange(bytes);
  if (bytes.failed() || header.magic != kMagic) return damaged("bytes of another kind");
  if (header.version > kVersion) {
    return mismatch(Code::Version, "state of a stream: version",
                    "at most " + std::to_string(kVersion) + "; a newer spiq wrote these bytes",
                    std::to_string(header.version));
  }
  std::memcpy(&checksum, given + content, sizeof checksum);
  if (checksum != hashBytes(given, content, kHashStart)) return damaged("some that were changed");
  if (header.fingerprint != fingerprint(simulation_.plan(), simulation_.options())) {
    return mismatch(Code::Argument, "state of a stream", "one of the same network and options",
                    "that of another");
  }
  if (header.rows != options_.rows) {
    return mismatch(Code::Shape, "state of a stream", std::to_string(options_.rows) + " rows",
                    std::to_string(header.rows));
  }
  if (header.version == 0 || header.at < 0 || header.at > kMaxSteps || header.observed > 1)
    return damaged("some that contradict themselves");

  const StreamOptions before = options_;
  options_.seed = header.seed;
  options_.firstObservation = header.firstObservation;
  decision_ = 0;
  Runners runners = makeRunners(range_, watch_);
  runners_.swap(runners);
  start();
  for (auto& runner : runners_) runner->exchange(bytes);
  if (!bytes.complete()) {
    runners_.swap(runners);
    options_ = before;
    return damaged("some of another length, or that contradict themselves");
  }
  at_ = header.at;
  observed_ = header.observed != 0;
  observeAgain(control);
  return {};
}

template std::vector<std::uint8_t> RowStream<float>::save();
template std::vector<std::uint8_t> RowStream<double>::save();
template Status RowStream<float>::restore(const std::uint8_t*, std::size_t, Control&);
template Status RowStream<double>::restore(const std::uint8_t*, std::size_t, Control&);

}  // namespace spiq
