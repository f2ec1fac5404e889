#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "backend/backend.h"

namespace spiq {

// Words that are computed at a time: long enough to read a layer's weights seldom, short enough
// that its spikes stay in the cache.
constexpr int kMaxWords = 4;

// Steps `first`, first + 1, ... spread evenly over words.
struct Chunk {
  std::int64_t first = 0;
  int words = 0;
  int total = 0;
  std::array<int, kMaxWords> steps{};

  Chunk(std::int64_t firstStep, int count)
      : first(firstStep), words((count + kWordSteps - 1) / kWordSteps), total(count) {
    for (int word = 0; word < words; ++word)
      steps[static_cast<std::size_t>(word)] = count / words + (word < count % words ? 1 : 0);
  }

  int stepsOf(int word) const { return steps[static_cast<std::size_t>(word)]; }
  int before(int word) const {
    int count = 0;
    for (int w = 0; w < word; ++w) count += stepsOf(w);
    return count;
  }
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
