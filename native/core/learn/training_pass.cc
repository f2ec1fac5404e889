#include "core/learn/training_pass.h"

#include <cmath>

#include "core/learn/backward.h"
#include "core/learn/trained.h"
#include "core/learn/unrolled.h"

namespace spiq {

namespace {

template <class Real>
Status checkPlan(const Graph& graph, const TrainingOptions& options, const Plan<Real>& plan) {
  // As floats, since it is used as one.
  const auto slope = static_cast<float>(options.surrogate.slope);
  if (!(std::isfinite(slope) && slope > 0)) {
    return mismatch(Code::Range, "surrogate slope", "a finite number above 0",
                    showNumber(options.surrogate.slope));
  }
  for (const Edge& edge : graph.edges) {
    if (edge.delay == 0) continue;
    return mismatch(Code::Unsupported, "network in training", "no delayed edges",
                    "one from '" + edge.from + "' to '" + edge.to + "'");
  }
  if (!options.simulation || !plan.neurons.empty()) return {};
  return mismatch(Code::Argument, "simulation options", "none for a network without neurons",
                  "some");
}

}  // namespace

template <class Real>
struct TrainingPass<Real>::Parts {
  TrainingOptions options;
  Plan<Real> plan;
  std::unique_ptr<Trained<Real>> trained;
  std::unique_ptr<Unrolled<Real>> forward;
  std::unique_ptr<Backward<Real>> backward;
};

template <class Real>
TrainingPass<Real>::TrainingPass(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

template <class Real>
TrainingPass<Real>::~TrainingPass() = default;

template <class Real>
Result<std::unique_ptr<TrainingPass<Real>>> TrainingPass<Real>::compile(
    const Graph& graph, const TrainingOptions& options, const Backend<Real>& backend) {
  Result<Plan<Real>> plan = options.simulation ? compileSpikes<Real>(graph, *options.simulation)
                                               : compileFloat<Real>(graph);
  if (!plan.ok()) return plan.status();
  if (Status status = checkPlan(graph, options, plan.value()); !status.ok()) return status;
  auto parts = std::make_unique<Parts>();
  parts->options = options;
  parts->plan = plan.take();
  auto trained = Trained<Real>::make(graph, parts->options, parts->plan);
  if (!trained.ok()) return trained.status();
  parts->trained = trained.take();
  const SimulationOptions* simulation = parts->options.spiking();
  const bool currents = options.alpha || (options.attachedReset && simulation != nullptr &&
                                          simulation->semantics == Semantics::Dsqn);
  parts->forward = std::make_unique<Unrolled<Real>>(parts->plan, simulation, currents, backend);
  parts->backward = std::make_unique<Backward<Real>>(parts->plan, parts->options, *parts->trained,
                                                     *parts->forward);
  return std::unique_ptr<TrainingPass>(new TrainingPass(std::move(parts)));
}

template <class Real>
std::int64_t TrainingPass<Real>::inputs() const {
  return parts_->forward->observationSize();
}

template <class Real>
std::int64_t TrainingPass<Real>::outputs() const {
  return parts_->plan.outputs();
}

template <class Real>
const std::vector<Parameter<Real>>& TrainingPass<Real>::parameters() const {
  return parts_->trained->parameters();
}

template <class Real>
void TrainingPass<Real>::parametersChanged() {
  parts_->trained->settle();
  parts_->backward->weightsChanged();
}

template <class Real>
Status TrainingPass<Real>::forward(View<const Real> observations, std::size_t rows,
                                   const TrainingDraw& draw, bool keep, Real* outputs,
                                   Control& control) {
  return parts_->forward->run(observations, rows, draw, keep, outputs, control);
}

template <class Real>
Status TrainingPass<Real>::backward(View<const Real> outputGradients, Control& control,
                                    bool postpones) {
  const Unrolled<Real>& forward = *parts_->forward;
  if (!forward.kept())
    return mismatch(Code::State, "way back", "a forward pass before it that was kept", "none");
  const std::size_t expected = forward.rows() * static_cast<std::size_t>(outputs());
  if (outputGradients.size != expected) {
    return mismatch(Code::Shape, "gradients of the outputs", std::to_string(expected) + " values",
                    std::to_string(outputGradients.size));
  }
  return parts_->backward->run(outputGradients, postpones, control);
}

template <class Real>
const std::vector<GradientPieces<Real>>& TrainingPass<Real>::pieces() const {
  return parts_->backward->pieces();
}

template <class Real>
Graph TrainingPass<Real>::graph() const {
  return parts_->trained->graph();
}

template <class Real>
std::vector<NamedValues<Real>> TrainingPass<Real>::gradients() const {
  return parts_->trained->gradients();
}

template class TrainingPass<float>;
template class TrainingPass<double>;

}  // namespace spiq
