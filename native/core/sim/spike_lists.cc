#include "core/sim/spike_lists.h"

namespace spiq {

namespace {

// Making a list costs as much, for a unit and a step, as it saves for a quarter of a spike that is
// added to kUnitPadding sums (docs/decisions/003-spike-sums.md).
constexpr double kSpikesWorthAList = 0.25;

std::int64_t unitsBetweenCuts(const Layout& layout) {
  for (const std::int64_t units : {std::int64_t{64}, std::int64_t{32}}) {
    if (layout.stride % units == 0) return units;
  }
  return kUnitPadding;
}

// How many times kUnitPadding sums a spike is added to, on average.
template <class Real>
double uses(const LinearData<Real>& linear) {
  const std::int64_t sums = linear.out().size() * linear.view().taps;
  const std::int64_t kinds = linear.in().positions * kUnitPadding;
  return static_cast<double>(sums) / static_cast<double>(kinds);
}

}  // namespace

template <class Real>
bool worthListing(const LinearData<Real>& linear) {
  // Groups begin where they like, and lists are cut evenly.
  return !linear.view().partial && !linear.view().alone && uses(linear) > 1;
}

template <class Real>
void SpikeLists<Real>::start(const LinearData<Real>& linear, std::size_t source, std::size_t rows,
                             const Chunk& chunk) {
  linear_ = &linear;
  source_ = source;
  words_ = static_cast<std::size_t>(chunk.words);
  lines_ = static_cast<std::size_t>(linear.in().lines());
  lineUnits_ = linear.in().size() / linear.in().lines();
  cutUnits_ = unitsBetweenCuts(linear.in());
  spikesWorth_ = kSpikesWorthAList / uses(linear);
  // One tile of a fully connected layer's weights after the other goes through all rows.
  allRows_ = linear.out().positions == 1;
  row_ = 0;
  steps_.resize(words_);
  for (int word = 0; word < chunk.words; ++word)
    steps_[static_cast<std::size_t>(word)] = chunk.stepsOf(word);
  const std::size_t count = (allRows_ ? rows : 1) * words_ * lines_;
  if (made_.size() < count) made_.resize(count);
  if (views_.size() < count) views_.resize(count);
  forget();
}

template <class Real>
void SpikeLists<Real>::forget() {
  for (Line& line : made_) line.counted = line.listed = false;
}

template <class Real>
const StepLists* SpikeLists<Real>::find(const Backend<Real>& backend, Workspace<Real>& workspace,
                                        std::size_t row, int word, std::int64_t position) {
  if (!allRows_ && row != row_) {
    forget();
    row_ = row;
  }
  const auto number = static_cast<std::size_t>(word);
  const std::size_t first = ((allRows_ ? row : 0) * words_ + number) * lines_;
  const std::uint32_t* masks = workspace.masks(source_, row, word);
  const LineRange reach = linear_->reach(position);
  std::int64_t spikes = 0;
  std::int64_t firedCuts = 0;
  for (std::int64_t i = reach.first; i < reach.last; ++i) {
    const std::size_t at = first + static_cast<std::size_t>(i);
    if (!made_[at].counted) count(backend, masks + i * lineUnits_, made_[at], views_[at]);
    spikes += views_[at].spikes;
    firedCuts += views_[at].firedCuts;
  }
  const auto possible = static_cast<double>(firedCuts * cutUnits_ * steps_[number]);
  if (static_cast<double>(spikes) < spikesWorth_ * possible) return nullptr;
  for (std::int64_t i = reach.first; i < reach.last; ++i) {
    const std::size_t at = first + static_cast<std::size_t>(i);
    if (!made_[at].listed)
      list(backend, masks + i * lineUnits_, steps_[number], made_[at], views_[at]);
  }
  return &views_[first];
}

template <class Real>
void SpikeLists<Real>::count(const Backend<Real>& backend, const std::uint32_t* masks, Line& line,
                             StepLists& lists) const {
  const std::int64_t cuts = lineUnits_ / cutUnits_;
  line.fired.resize(static_cast<std::size_t>(cuts));
  lists = {cutUnits_, cuts, line.fired.data(), 0, 0, nullptr, nullptr};
  backend.count(masks, lists);
  line.counted = true;
}

template <class Real>
void SpikeLists<Real>::list(const Backend<Real>& backend, const std::uint32_t* masks, int steps,
                            Line& line, StepLists& lists) const {
  const auto units = static_cast<std::size_t>(lists.spikes + kUnitPadding);
  if (line.units.size() < units) line.units.resize(units);
  const auto starts = static_cast<std::size_t>((lists.cuts + 1) * steps);
  if (line.starts.size() < starts) line.starts.resize(starts);
  lists.units = line.units.data();
  lists.starts = line.starts.data();
  backend.list(masks, steps, lists);
  line.listed = true;
}

template class SpikeLists<float>;
template class SpikeLists<double>;
template bool worthListing<float>(const LinearData<float>&);
template bool worthListing<double>(const LinearData<double>&);

}  // namespace spiq
