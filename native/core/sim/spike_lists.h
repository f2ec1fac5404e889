#pragma once

#include <vector>

#include "core/plan/plan.h"
#include "core/sim/chunk.h"
#include "core/sim/workspace.h"

namespace spiq {

// The inputs of one operation's sums, listed by step where that pays, a line of positions at a time
// and not before a cell needs it. Each thread has its own: to make again what another thread has
// listed takes less time than to fetch it from that thread's cache.
template <class Real>
class SpikeLists {
 public:
  // For another operation, or another chunk.
  void start(const LinearData<Real>& linear, std::size_t source, std::size_t rows,
             const Chunk& chunk);
  // All lines of a word; filled are those that an output position looks at. Null where spikes are
  // so few that they had better be added unit by unit.
  const StepLists* find(const Backend<Real>& backend, Workspace<Real>& workspace, std::size_t row,
                        int word, std::int64_t position);

 private:
  struct Line {
    bool counted = false;
    bool listed = false;
    std::vector<std::uint8_t> fired;
    AlignedVector<std::uint32_t> units;
    std::vector<std::uint32_t> starts;
  };
  void forget();
  void count(const Backend<Real>& backend, const std::uint32_t* masks, Line& line,
             StepLists& lists) const;
  void list(const Backend<Real>& backend, const std::uint32_t* masks, int steps, Line& line,
            StepLists& lists) const;

  const LinearData<Real>* linear_ = nullptr;
  std::size_t source_ = 0;
  std::size_t words_ = 0;
  std::size_t lines_ = 0;
  std::int64_t lineUnits_ = 0;
  std::int64_t cutUnits_ = 0;
  double spikesWorth_ = 0;  // for each unit and step, from which on lists pay
  bool allRows_ = false;    // or only those of one row at a time
  std::size_t row_ = 0;
  std::vector<int> steps_;
  std::vector<Line> made_;  // [row][word][line], as the views of them
  std::vector<StepLists> views_;
};

// Whether a layer meets its inputs so often that lists of them can pay at all.
template <class Real>
bool worthListing(const LinearData<Real>& linear);

}  // namespace spiq
