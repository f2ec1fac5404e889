#pragma once

#include <optional>
#include <vector>

#include "base/status.h"
#include "core/sim/decode.h"

namespace spiq {

// A row ends once its best output has led the second by `margin`, both divided by the steps so far,
// for `patience` steps in a row, but not before step `least`.
struct ExitRule {
  double margin = 0;
  std::int64_t patience = 1;
  std::int64_t least = 1;
  bool verify = false;  // goes on to T all the same
};

struct AnytimeRequest {
  std::vector<std::int64_t> steps;  // ascending: outputs after so many steps are wanted
  std::optional<ExitRule> exit;
  bool wanted() const { return !steps.empty() || exit.has_value(); }
};

template <class Real>
struct AnytimeResult {
  std::vector<Real> out;                  // [steps asked for][rows][outputs]
  std::vector<Real> exitOut;              // [rows][outputs]: what was decoded where the row ended
  std::vector<std::int32_t> exitSteps;    // [rows]
  std::vector<std::int32_t> exitActions;  // [rows]
  std::vector<std::int32_t> lastActions;  // [rows]: at the end of each row's run
};

// Looks at the decoding after every step of a run. Rows may come from several threads at once.
template <class Real>
class Anytime {
 public:
  Anytime(const AnytimeRequest& request, const Plan<Real>& plan, AnytimeResult<Real>& result)
      : request_(request),
        exits_(request.exit.has_value()),
        rule_(request.exit.value_or(ExitRule())),
        plan_(plan),
        result_(result) {}

  Status prepare(const SimulationOptions& options, std::size_t rows);
  // After a chunk: how many of its steps belong to the run.
  int see(Decoder<Real>& decoder, Workspace<Real>& workspace, std::size_t row, std::size_t at,
          const Chunk& chunk);
  // Whether the row has ended before T; what it decoded then is in exitOut.
  bool stopped(std::size_t at) const;
  // Once nothing more is to be seen of a row.
  void finish(std::size_t at, std::int64_t steps, const std::vector<Real>& out);
  void copyExit(std::size_t at, Real* out) const;
  bool exits() const { return exits_; }

 private:
  struct Row {
    std::size_t point = 0;  // the next in request_.steps
    std::int64_t leading = 0;
    bool ended = false;
  };
  void writePoint(Row& row, std::size_t at, const std::vector<Real>& out);
  bool ends(Row& row, std::int64_t steps, const std::vector<Real>& out) const;
  void writeExit(std::size_t at, std::int64_t steps, const std::vector<Real>& out);

  const AnytimeRequest& request_;
  bool exits_;
  ExitRule rule_;
  const Plan<Real>& plan_;
  AnytimeResult<Real>& result_;
  std::vector<Row> rows_;
};

}  // namespace spiq
