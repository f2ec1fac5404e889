#include "core/sim/float_pass.h"

#include <algorithm>
#include <memory>

#include "core/sim/executor.h"

namespace spiq {

namespace {

// Rows that a layer's weights are read once for.
constexpr std::size_t kRowsTogether = 8;

// One thread's rows, or those whose operations all threads share.
template <class Real>
struct Lane {
  Workspace<Real> workspace;
  Executor<Real> executor;
  std::vector<bool> done;
  std::vector<Real> ordered;

  Lane(const Plan<Real>& plan, const Backend<Real>& backend, std::size_t rows, std::size_t threads)
      : workspace(plan, rows, 1, {}, {}), executor(plan, backend, workspace, threads), done(rows) {}

  View<const Real> inUserOrder(const Layout& layout, std::size_t value, std::size_t row) {
    const Real* from = workspace.reals(value, row);
    ordered.resize(static_cast<std::size_t>(layout.units()));
    for (std::size_t unit = 0; unit < ordered.size(); ++unit)
      ordered[unit] = from[layout.at(static_cast<std::int64_t>(unit))];
    return {ordered.data(), ordered.size()};
  }
};

}  // namespace

template <class Real>
Result<FloatPass<Real>> FloatPass<Real>::compile(const Graph& graph, const Backend<Real>& backend) {
  Result<Plan<Real>> plan = compileFloat<Real>(graph);
  if (!plan.ok()) return plan.status();
  return FloatPass(plan.take(), backend);
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
  const std::size_t apart = rows >= control.threads ? control.threads : 1;
  const std::size_t inside = apart == 1 ? control.threads : 1;
  const std::size_t together = std::min(kRowsTogether, (rows + apart - 1) / apart);
  const std::size_t groups = (rows + together - 1) / together;
  std::vector<std::unique_ptr<Lane<Real>>> lanes;
  lanes.reserve(std::min(apart, groups));
  for (std::size_t i = 0; i < std::min(apart, groups); ++i)
    lanes.push_back(std::make_unique<Lane<Real>>(plan_, *backend_, together, inside));
  control.total = rows;
  const auto runGroup = [&](std::size_t group, std::size_t worker) {
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    Lane<Real>& lane = *lanes[worker];
    const std::size_t first = group * together;
    const std::size_t count = std::min(together, rows - first);
    for (std::size_t row = 0; row < count; ++row) {
      std::copy_n(observations.data + (first + row) * size, size,
                  lane.workspace.reals(plan_.input, row));
    }
    lane.executor.execute(Chunk(0, 1), true, count, lane.done, control);
    for (std::size_t row = 0; row < count; ++row) {
      for (std::size_t layer = 0; observer && layer < plan_.weighted.size(); ++layer) {
        const std::size_t value = plan_.weighted[layer];
        observer(first + row, layer, lane.inUserOrder(plan_.layoutOf(value), value, row));
      }
      if (output == nullptr) continue;
      const View<const Real> out =
          lane.inUserOrder(plan_.layoutOf(plan_.output), plan_.output, row);
      std::copy_n(out.data, out.size, output + (first + row) * out.size);
    }
    control.done.fetch_add(count, std::memory_order_relaxed);
  };
  if (apart > 1) {
    control.pool.run(groups, apart, runGroup);
  } else {
    for (std::size_t group = 0; group < groups; ++group) runGroup(group, 0);
  }
  if (const Status status = control.cancelledStatus(); !status.ok()) return status;
  if (output == nullptr) return {};
  return checkFinite<Real>(
      {output, rows * static_cast<std::size_t>(outputs())},
      "network output (float overflow: are weights and observations of sensible size?)");
}

template class FloatPass<float>;
template class FloatPass<double>;

}  // namespace spiq
