#pragma once

#include <cstdint>
#include <vector>

namespace spiq {

// How often magnitudes came, in bounded memory however many there are: 128 bins an octave, so that
// a percentile is right within 0.4 % of itself, over 16 octaves below the largest. Does not depend
// on the order of the values. Zeros are not counted.
class Histogram {
 public:
  void add(double magnitude);
  void add(const Histogram& other);

  std::uint64_t count() const { return below_ + within_; }
  double largest() const { return largest_; }
  // The magnitude that the share p of the counted ones does not exceed; 0 where there are none.
  double percentile(double p) const;

  // Calls visit(magnitude, times) with the middle of every bin that is not empty, from above.
  template <class Visit>
  void each(const Visit& visit) const {
    for (std::size_t bin = 0; bin < counts_.size(); ++bin) {
      if (counts_[bin] > 0) visit(middleOf(bin), counts_[bin]);
    }
  }

 private:
  double middleOf(std::size_t bin) const;
  void add(std::int64_t key, std::uint64_t times);

  std::int64_t top_ = 0;               // key of the first bin
  std::vector<std::uint64_t> counts_;  // from the largest bin down
  std::uint64_t below_ = 0;
  std::uint64_t within_ = 0;
  double largest_ = 0;
};

}  // namespace spiq
