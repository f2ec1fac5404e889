#pragma once

#include <algorithm>
#include <cstdint>

#include "backend/backend.h"

namespace spiq {

// Words that a simulation computes at a time: long enough to read a layer's weights seldom, short
// enough that its spikes stay in the cache.
constexpr int kMaxWords = 4;

// Steps `first`, first + 1, ... spread evenly over words.
struct Chunk {
  std::int64_t first = 0;
  int words = 0;
  int total = 0;
  int least = 0;   // steps of a word
  int longer = 0;  // words, the first ones, with one more

  Chunk(std::int64_t firstStep, int count)
      : first(firstStep),
        words((count + kWordSteps - 1) / kWordSteps),
        total(count),
        least(count / std::max(words, 1)),
        longer(count % std::max(words, 1)) {}

  int stepsOf(int word) const { return least + (word < longer ? 1 : 0); }
  int before(int word) const { return word * least + std::min(word, longer); }
  int wordOf(int step) const {
    int word = 0;
    while (step >= before(word) + stepsOf(word)) ++word;
    return word;
  }
  // The bits of `word` that belong to the chunk's first `used` steps.
  std::uint32_t usedBits(int word, int used) const {
    const int bits = std::clamp(used - before(word), 0, stepsOf(word));
    return bits == kWordSteps ? ~std::uint32_t{0} : (std::uint32_t{1} << bits) - 1;
  }
};

}  // namespace spiq
