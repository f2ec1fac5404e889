#include "core/convert/histogram.h"

#include <algorithm>
#include <cstring>

namespace spiq {

namespace {

constexpr int kMantissaBits = 52;
constexpr int kBinBits = 7;  // 128 bins an octave
constexpr std::int64_t kOctaves = 16;
constexpr std::int64_t kMostBins = kOctaves << kBinBits;

// Sign 0, exponent and the mantissa's first bits: grows with the value.
std::int64_t keyOf(double value) {
  std::int64_t bits = 0;
  std::memcpy(&bits, &value, sizeof bits);
  return bits >> (kMantissaBits - kBinBits);
}

double lowestOf(std::int64_t key) {
  const std::int64_t bits = key << (kMantissaBits - kBinBits);
  double value = 0;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

}  // namespace

void Histogram::add(double magnitude) {
  if (!(magnitude > 0)) return;
  largest_ = std::max(largest_, magnitude);
  add(keyOf(magnitude), 1);
}

void Histogram::add(const Histogram& other) {
  largest_ = std::max(largest_, other.largest_);
  for (std::size_t bin = 0; bin < other.counts_.size(); ++bin) {
    if (other.counts_[bin] > 0)
      add(other.top_ - static_cast<std::int64_t>(bin), other.counts_[bin]);
  }
  below_ += other.below_;
}

void Histogram::add(std::int64_t key, std::uint64_t times) {
  if (counts_.empty()) top_ = key;
  if (key > top_) {
    const std::int64_t shift = std::min(key - top_, kMostBins);
    counts_.insert(counts_.begin(), static_cast<std::size_t>(shift), 0);
    top_ = key;
    while (counts_.size() > static_cast<std::size_t>(kMostBins)) {
      below_ += counts_.back();
      within_ -= counts_.back();
      counts_.pop_back();
    }
  }
  const std::int64_t bin = top_ - key;
  if (bin >= kMostBins) {
    below_ += times;
    return;
  }
  if (static_cast<std::size_t>(bin) >= counts_.size())
    counts_.resize(static_cast<std::size_t>(bin) + 1);
  counts_[static_cast<std::size_t>(bin)] += times;
  within_ += times;
}

double Histogram::middleOf(std::size_t bin) const {
  const std::int64_t key = top_ - static_cast<std::int64_t>(bin);
  return std::min(largest_, (lowestOf(key) + lowestOf(key + 1)) / 2);
}

double Histogram::percentile(double p) const {
  const auto above = (1.0 - p) * static_cast<double>(count());
  if (above < 1.0) return largest_;
  double seen = 0;
  for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
    const auto here = static_cast<double>(counts_[bin]);
    if (seen + here < above) {
      seen += here;
      continue;
    }
    const std::int64_t key = top_ - static_cast<std::int64_t>(bin);
    const double from = std::min(lowestOf(key + 1), largest_);
    return from - (from - lowestOf(key)) * (above - seen) / here;
  }
  return counts_.empty() ? 0 : lowestOf(top_ - static_cast<std::int64_t>(counts_.size()) + 1);
}

}  // namespace spiq
