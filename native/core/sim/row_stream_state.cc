#include <algorithm>

#include "core/plan/fingerprint.h"
#include "core/sim/row_stream.h"
#include "core/sim/runner.h"
#include "core/sim/sealed_state.h"

// A stream's state in bytes: magic, version, fingerprint of the plan, rows, place, the runners'
// state, a checksum. Numbers are little-endian, as on every machine that spiq runs on.

namespace spiq {

namespace {

constexpr StateKind kKind{"state of a stream", 0x6d72747371697073, 1};  // magic: "spiqstrm"

struct Header {
  std::uint64_t magic = kKind.magic;
  std::uint32_t version = kKind.version;
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
  return sealState(bytes);
}

template <class Real>
Status RowStream<Real>::restore(const std::uint8_t* given, std::size_t size, Control& control) {
  Header header;
  Result<StateBytes> opened = openState(kKind, given, size, header);
  if (!opened.ok()) return opened.status();
  StateBytes& bytes = opened.value();
  if (header.fingerprint != fingerprint(simulation_.plan(), simulation_.options())) {
    return mismatch(Code::Argument, "state of a stream", "one of the same network and options",
                    "that of another");
  }
  if (header.rows != options_.rows) {
    return mismatch(Code::Shape, "state of a stream", std::to_string(options_.rows) + " rows",
                    std::to_string(header.rows));
  }
  if (header.version == 0 || header.at < 0 || header.at > kMaxSteps || header.observed > 1)
    return kKind.damaged("some that contradict themselves");

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
    return kKind.damaged("some of another length, or that contradict themselves");
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
