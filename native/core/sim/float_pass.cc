#include "core/sim/float_pass.h"

#include <algorithm>
#include <memory>
#include <mutex>

#include "core/sim/executor.h"
#include "core/sim/row_division.h"

namespace spiq {

namespace {

// Memory of one thread's rows: more than any cache.
constexpr std::size_t kRowsBytes = 16U << 20;
// Bytes of weights times rows below which one thread is done before another has woken.
constexpr std::size_t kWorthSharing = 1U << 20;
// Lanes whose memory is kept for the next call.
constexpr std::size_t kIdleLanes = 8;

// One thread's rows, or those whose operations all threads share.
template <class Real>
struct Lane {
  Workspace<Real> workspace;
  Executor<Real> executor;
  std::size_t threads;
  std::vector<bool> done;
  std::vector<Real> ordered;

  Lane(const Plan<Real>& plan, const Backend<Real>& backend, std::size_t rows, std::size_t threads_)
      : workspace(plan, rows, 1, {}, {}),
        executor(plan, backend, workspace, threads_),
        threads(threads_),
        done(rows) {}

  View<const Real> inUserOrder(const Layout& layout, std::size_t value, std::size_t row) {
    const Real* from = workspace.reals(value, row);
    if (layout.positions == 1) return {from, static_cast<std::size_t>(layout.units())};
    ordered.resize(static_cast<std::size_t>(layout.units()));
    for (std::size_t unit = 0; unit < ordered.size(); ++unit)
      ordered[unit] = from[layout.at(static_cast<std::int64_t>(unit))];
    return {ordered.data(), ordered.size()};
  }
};

}  // namespace

template <class Real>
struct FloatPass<Real>::Kept {
  Plan<Real> plan;
  const Backend<Real>& backend;
  std::size_t weights;   // bytes
  std::size_t rowBytes;  // of a workspace
  std::mutex mutex;
  std::vector<std::unique_ptr<Lane<Real>>> idle;

  Kept(Plan<Real> compiled, const Backend<Real>& on)
      : plan(std::move(compiled)),
        backend(on),
        weights(weightBytes(plan)),
        rowBytes(std::max<std::size_t>(bytesPerRow(plan, 1), 1)) {}

  std::unique_ptr<Lane<Real>> take(std::size_t rows, std::size_t threads) {
    const std::lock_guard<std::mutex> lock(mutex);
    for (auto& lane : idle) {
      if (lane->workspace.rows() < rows || lane->threads != threads) continue;
      std::unique_ptr<Lane<Real>> found = std::move(lane);
      lane = std::move(idle.back());
      idle.pop_back();
      return found;
    }
    return std::make_unique<Lane<Real>>(plan, backend, rows, threads);
  }
  void giveBack(std::unique_ptr<Lane<Real>> lane) {
    const std::lock_guard<std::mutex> lock(mutex);
    if (idle.size() >= kIdleLanes) idle.erase(idle.begin());
    idle.push_back(std::move(lane));
  }
};

template <class Real>
Result<FloatPass<Real>> FloatPass<Real>::compile(const Graph& graph, const Backend<Real>& backend) {
  Result<Plan<Real>> compiled = compileFloat<Real>(graph);
  if (!compiled.ok()) return compiled.status();
  return FloatPass(std::make_shared<Kept>(compiled.take(), backend));
}

template <class Real>
std::int64_t FloatPass<Real>::inputs() const {
  return kept_->plan.inputs();
}

template <class Real>
std::int64_t FloatPass<Real>::outputs() const {
  return kept_->plan.outputs();
}

template <class Real>
std::size_t FloatPass<Real>::layers() const {
  return kept_->plan.activations.size();
}

template <class Real>
Status FloatPass<Real>::run(View<const Real> observations, std::size_t rows, Real* output,
                            const Observer& observer, Control& control) const {
  const auto size = static_cast<std::size_t>(inputs());
  if (observations.size != rows * size) {
    return mismatch(Code::Shape, "observations",
                    std::to_string(rows) + " rows of " + std::to_string(size) + " values",
                    std::to_string(observations.size) + " values");
  }
  if (const Status status = checkFinite(observations, "observations"); !status.ok()) return status;
  const Plan<Real>& plan = kept_->plan;
  const std::size_t threads = kept_->weights * rows < kWorthSharing ? 1 : control.threads;
  const RowDivision division =
      divideRows(rows, threads, kept_->weights, kRowsBytes / kept_->rowBytes);
  std::vector<std::unique_ptr<Lane<Real>>> lanes;
  lanes.reserve(division.atOnce());
  for (std::size_t i = 0; i < division.atOnce(); ++i)
    lanes.push_back(kept_->take(division.together, division.inside));
  if (!control.spansRuns) control.total = rows;
  const auto runGroup = [&](std::size_t group, std::size_t worker) {
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    Lane<Real>& lane = *lanes[worker];
    const std::size_t first = group * division.together;
    const std::size_t count = std::min(division.together, rows - first);
    for (std::size_t row = 0; row < count; ++row) {
      plan.intake.take(observations.data + (first + row) * size, size,
                       lane.workspace.reals(plan.input, row));
    }
    lane.executor.execute(Chunk(0, 1), true, count, lane.done, control);
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t layer = 0; observer && layer < plan.activations.size(); ++layer) {
        const std::size_t value = plan.activations[layer];
        observer(first + row, layer, lane.inUserOrder(plan.layoutOf(value), value, row));
      }
      if (output == nullptr) continue;
      const View<const Real> out = lane.inUserOrder(plan.layoutOf(plan.output), plan.output, row);
      std::copy_n(out.data, out.size, output + (first + row) * out.size);
    }
    control.done.fetch_add(count, std::memory_order_relaxed);
  };
  if (division.apart > 1) {
    control.pool.run(division.groups, division.apart, runGroup);
  } else {
    for (std::size_t group = 0; group < division.groups; ++group) runGroup(group, 0);
  }
  for (auto& lane : lanes) kept_->giveBack(std::move(lane));
  if (const Status status = control.cancelledStatus(); !status.ok()) return status;
  if (output == nullptr) return {};
  return checkFinite<Real>(
      {output, rows * static_cast<std::size_t>(outputs())},
      "network output (float overflow: are weights and observations of sensible size?)");
}

template class FloatPass<float>;
template class FloatPass<double>;

}  // namespace spiq
