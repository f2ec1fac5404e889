#include "core/replay/saved_state.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace spiq {

namespace {

constexpr std::array<const char*, 14> kOptionNames{"capacity",
                                                   "observation 'size'",
                                                   "observation 'dtype'",
                                                   "observation 'stack'",
                                                   "observation 'order'",
                                                   "observation 'padding'",
                                                   "nStep",
                                                   "gamma",
                                                   "replacement",
                                                   "prioritised 'alpha'",
                                                   "prioritised 'beta' at first",
                                                   "prioritised 'beta' in the end",
                                                   "prioritised batches",
                                                   "prioritised 'epsilon'"};

// A length of something whose elements take at least `each` bytes.
template <class T>
void passLength(StateBytes& bytes, std::vector<T>& values, std::size_t each) {
  std::uint64_t length = values.size();
  bytes.pass(&length, 1);
  if (!bytes.reads() || bytes.failed()) return;
  if (length > bytes.left() / each) {
    bytes.fail();
    return;
  }
  values.resize(length);
}

void exchangeCopy(StateBytes& bytes, Accumulator& copy) {
  std::uint64_t last = copy.last();
  std::uint8_t running = copy.running() ? 1 : 0;
  std::vector<Accumulator::Step> pending = copy.pending();
  bytes.pass(&last, 1);
  bytes.pass(&running, 1);
  passLength(bytes, pending, sizeof(std::uint64_t));
  for (Accumulator::Step& step : pending) {
    bytes.pass(&step.row, 1);
    bytes.pass(&step.action, 1);
    bytes.pass(&step.reward, 1);
  }
  if (bytes.reads()) copy.restore(last, running != 0, std::move(pending));
}

// Whether the frames of the state at `row` are there.
bool framesThere(const SavedState& saved, std::uint64_t floor, std::uint64_t row,
                 std::int64_t stack) {
  for (std::int64_t frame = 1; frame < stack && row >= floor; ++frame) {
    const std::uint32_t previous = saved.links[row - saved.head.oldest].previous;
    if (previous == 0) return true;
    if (row < floor + previous) return false;
    row -= previous;
  }
  return row >= floor;
}

bool rowContradicts(const SavedState& saved, const ReplayOptions& options, std::uint64_t floor,
                    std::uint64_t row) {
  const SavedHead& head = saved.head;
  const RowLinks& links = saved.links[row - head.oldest];
  const std::uint64_t left = head.end - row;
  if (links.following >= left || links.next >= left || links.previous > head.ring) return true;
  if (options.prioritised) {
    const double priority = saved.priorities[row - head.oldest];
    if (!std::isfinite(priority) || priority < 0 || (priority == 0) != (links.next == 0))
      return true;
  }
  return links.next != 0 && (row < head.tail || !framesThere(saved, floor, row, options.stack) ||
                             !framesThere(saved, floor, row + links.next, options.stack));
}

bool copyContradicts(const Accumulator& copy, const SavedHead& head, std::int64_t nStep) {
  const auto known = [&](std::uint64_t row) { return row < std::max<std::uint64_t>(head.end, 1); };
  const auto& pending = copy.pending();
  return !known(copy.last()) || pending.size() > static_cast<std::size_t>(nStep) ||
         !std::all_of(pending.begin(), pending.end(), [&](const Accumulator::Step& step) {
           return known(step.row) && std::isfinite(step.reward);
         });
}

}  // namespace

bool contradicts(const SavedState& saved, const ReplayOptions& options, std::uint64_t floor) {
  const SavedHead& head = saved.head;
  std::uint64_t count = 0;
  for (std::uint64_t row = head.oldest; row < head.end; ++row) {
    if (rowContradicts(saved, options, floor, row)) return true;
    if (saved.links[row - head.oldest].next != 0) ++count;
  }
  return count != head.count || count > static_cast<std::uint64_t>(options.capacity) ||
         std::any_of(head.copies.begin(), head.copies.end(), [&](const Accumulator& copy) {
           return copyContradicts(copy, head, options.nStep);
         });
}

void exchangeLinks(StateBytes& bytes, RowLinks& links) {
  for (std::uint32_t* value : {&links.previous, &links.following, &links.next})
    bytes.pass(value, 1);
  bytes.pass(&links.action, 1);
  bytes.pass(&links.discountedReturn, 1);
  bytes.pass(&links.discount, 1);
}

std::uint64_t rowsOfBlock(std::size_t bytesOfRow) {
  constexpr std::size_t kBlockBytes = std::size_t{4} << 20;
  return std::max<std::uint64_t>(1, kBlockBytes / bytesOfRow);
}

void SavedHead::exchange(StateBytes& bytes) {
  bytes.pass(&magic, 1);
  bytes.pass(&version, 1);
  bytes.pass(&mapped, 1);
  passLength(bytes, options, sizeof(double));
  bytes.pass(options.data(), options.size());
  for (std::uint64_t* value :
       {&ring, &fileMark, &oldest, &end, &tail, &count, &seed, &drawn, &batches})
    bytes.pass(value, 1);
  bytes.pass(&largestPriority, 1);
  passLength(bytes, copies, sizeof(std::uint64_t));
  for (Accumulator& copy : copies) exchangeCopy(bytes, copy);
}

std::vector<double> savedOptions(const ReplayOptions& options) {
  std::vector<double> values{
      static_cast<double>(options.capacity),   static_cast<double>(options.size),
      static_cast<double>(options.type),       static_cast<double>(options.stack),
      static_cast<double>(options.order),      static_cast<double>(options.padding),
      static_cast<double>(options.nStep),      options.gamma,
      static_cast<double>(options.replacement)};
  // Uniform memories have no such numbers: alpha -1 is none of a prioritised one.
  const Prioritising chosen = options.prioritised.value_or(Prioritising{-1, 0, 0, 0, 0});
  for (const double value : {chosen.alpha, chosen.betaFrom, chosen.betaTo,
                             static_cast<double>(chosen.betaBatches), chosen.epsilon})
    values.push_back(value);
  return values;
}

const char* savedOptionName(std::size_t index) {
  return kOptionNames.at(index);
}

}  // namespace spiq
