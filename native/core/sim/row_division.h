#pragma once

#include <algorithm>
#include <cstddef>

namespace spiq {

// Rows that a layer's weights are read once for.
constexpr std::size_t kRowsTogether = 32;
// Weights for each row of a thread that are more than its cache can well go through: threads share
// each layer rather than the rows.
constexpr std::size_t kLargeWeights = 1U << 20;

// How a call's rows are divided: `groups` of up to `together` rows, `apart` groups at the same
// time, `inside` threads for each.
struct RowDivision {
  std::size_t apart;
  std::size_t inside;
  std::size_t together;
  std::size_t groups;

  std::size_t atOnce() const { return std::min(apart, groups); }
};

// `affordable`: rows whose memory a group may take.
inline RowDivision divideRows(std::size_t rows, std::size_t threads, std::size_t weightBytes,
                              std::size_t affordable) {
  const bool shared = rows < threads || weightBytes * threads > kLargeWeights * rows;
  const std::size_t apart = shared ? 1 : threads;
  const std::size_t together =
      std::min({kRowsTogether, std::max<std::size_t>(affordable, 1), (rows + apart - 1) / apart});
  return {apart, shared ? threads : 1, together, (rows + together - 1) / together};
}

}  // namespace spiq
