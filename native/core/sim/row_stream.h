#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "core/sim/record.h"
#include "core/sim/simulate.h"

namespace spiq {

struct StreamOptions {
  std::size_t rows = 1;
  std::uint64_t seed = 0;
  std::uint64_t firstObservation = 0;
};

// Rows of a simulation that keep their state from call to call. In whatever pieces the steps are
// taken, spikes and potentials are those of one run. One call at a time.
template <class Real>
class RowStream {
 public:
  // The simulation must outlive it.
  static Result<std::unique_ptr<RowStream>> make(const Simulation<Real>& simulation,
                                                 const StreamOptions& options, std::size_t threads);
  ~RowStream();
  RowStream(const RowStream&) = delete;
  RowStream& operator=(const RowStream&) = delete;

  std::size_t rows() const { return options_.rows; }
  std::int64_t steps() const { return at_; }

  // `steps` more. Observations hold until others come: none are needed where some were given
  // before. Given spikes are those of these steps. With `undo` a call that fails half-way changes
  // nothing.
  Result<SimulationResult<Real>> step(View<const Real> observations, const GivenSpikes& given,
                                      std::int64_t steps, const RecordRequest& record, bool undo,
                                      Control& control);
  // What a run of as many steps would give.
  Result<std::vector<Real>> decode() const;
  void restart();
  // The next decision of every row: step 0 of other observations, for which random input counts on.
  void carry();

  std::vector<std::uint8_t> save();
  // Seed and place in the stream of random numbers come with the state. Bytes that are refused
  // change nothing.
  Status restore(const std::uint8_t* given, std::size_t size, Control& control);

 private:
  using Runners = std::vector<std::unique_ptr<Runner<Real>>>;

  RowStream(const Simulation<Real>& simulation, const StreamOptions& options, std::size_t threads);
  Status check(View<const Real> observations, const GivenSpikes& given, std::int64_t steps) const;
  Runners makeRunners(SpikeRange range, const Watch& watch) const;
  void start();
  SimulationInput<Real> beginning() const;
  std::uint64_t firstObservation() const {
    return options_.firstObservation + decision_ * options_.rows;
  }
  // Makes runners that can feed and keep what a call asks for, with the state of those that are.
  void fit(SpikeRange range, const RecordRequest& record, Control& control);
  void observeAgain(Control& control);
  Status advance(View<const Real> observations, const GivenSpikes& given, std::int64_t end,
                 Recorder<Real>& recorder, Control& control);
  void forEachRunner(Control& control, const std::function<void(Runner<Real>&)>& act);

  const Simulation<Real>& simulation_;
  StreamOptions options_;
  std::size_t threads_;
  std::size_t inside_;    // threads of one runner
  std::size_t together_;  // rows of one runner
  SpikeRange range_{1, 0};
  Watch watch_{false, true, {}};
  Runners runners_;
  std::int64_t at_ = 0;
  std::uint64_t decision_ = 0;  // since the beginning or the last restart
  bool observed_ = false;
};

}  // namespace spiq
