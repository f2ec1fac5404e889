#include "core/learn/learner.h"

#include "core/learn/learner_state.h"
#include "core/plan/fingerprint.h"

namespace spiq {

namespace {

template <class Real>
View<const Real> viewOf(const std::vector<Real>& values) {
  return {values.data(), values.size()};
}

Status checkLossValue(double loss) {
  if (std::isfinite(loss)) return {};
  return mismatch(Code::NotFinite, "loss", "a finite number", showNumber(loss));
}

}  // namespace

template <class Real>
Result<std::unique_ptr<Learner<Real>>> Learner<Real>::make(const Graph& graph,
                                                           const LearnerOptions& options,
                                                           const Backend<Real>& backend) {
  if (const Status status = options.optimiser.validate(); !status.ok()) return status;
  auto pass = TrainingPass<Real>::compile(graph, options.training, backend);
  if (!pass.ok()) return pass.status();
  return std::unique_ptr<Learner>(new Learner(graph, pass.take(), options, backend));
}

template <class Real>
Status Learner<Real>::forward(View<const Real> observations, std::size_t rows,
                              const TrainingDraw& draw, Real* outputs, Control& control) {
  return pass_->forward(observations, rows, draw, false, outputs, control);
}

template <class Real>
Status Learner<Real>::observe(View<const Real> observations, std::size_t rows, Control& control) {
  outputs_.resize(rows * static_cast<std::size_t>(outputs()));
  rows_ = rows;
  return pass_->forward(observations, rows, {options_.seed, observations_}, true, outputs_.data(),
                        control);
}

template <class Real>
Status Learner<Real>::learn(View<const Real> outputGradients, Control& control) {
  Status status = pass_->backward(outputGradients, control, optimiser_.takesPieces());
  if (!status.ok()) return status;
  status = optimiser_.step(control, pass_->pieces());
  if (!status.ok()) return status;
  observations_ += rows_;
  pass_->parametersChanged();
  return {};
}

template <class Real>
Result<double> Learner<Real>::differentiate(View<const Real> observations, std::size_t rows,
                                            const Loss<Real>& loss, Control& control) {
  return differentiate(observations, rows, loss, control, false);
}

template <class Real>
Result<double> Learner<Real>::differentiate(View<const Real> observations, std::size_t rows,
                                            const Loss<Real>& loss, Control& control,
                                            bool postpones) {
  const auto width = static_cast<std::size_t>(outputs());
  if (const Status status = checkLoss(loss, rows, width); !status.ok()) return status;
  if (const Status status = observe(observations, rows, control); !status.ok()) return status;
  outputGradients_.resize(outputs_.size());
  const double value = evaluateLoss(loss, outputs_.data(), rows, width, outputGradients_.data());
  if (const Status status = checkLossValue(value); !status.ok()) return status;
  Status status = pass_->backward(viewOf(outputGradients_), control, postpones);
  if (!status.ok()) return status;
  return value;
}

template <class Real>
Result<double> Learner<Real>::update(View<const Real> observations, std::size_t rows,
                                     const Loss<Real>& loss, Control& control) {
  auto value = differentiate(observations, rows, loss, control, optimiser_.takesPieces());
  if (!value.ok()) return value;
  if (const Status status = optimiser_.step(control, pass_->pieces()); !status.ok()) return status;
  observations_ += rows_;
  pass_->parametersChanged();
  return value;
}

template <class Real>
std::vector<std::uint8_t> Learner<Real>::save() {
  return saveLearner(LearnerKind::Trainer, fingerprint(),
                     [this](StateBytes& bytes) { exchange(bytes); });
}

template <class Real>
Status Learner<Real>::restore(const std::uint8_t* bytes, std::size_t size) {
  return restoreLearner(
      LearnerKind::Trainer, fingerprint(), bytes, size,
      [this](StateBytes& state) { exchange(state); }, [this] { return sound(); });
}

template <class Real>
void Learner<Real>::exchange(StateBytes& bytes) {
  bytes.pass(&observations_, 1);
  optimiser_.exchange(bytes);
  for (const auto& parameter : parameters())
    bytes.pass(parameter.values.data, parameter.values.size);
  if (bytes.reads()) pass_->parametersChanged();
}

template <class Real>
bool Learner<Real>::sound() const {
  return optimiser_.sound() && std::all_of(parameters().begin(), parameters().end(), isSound<Real>);
}

template <class Real>
std::uint64_t Learner<Real>::fingerprintOf(const Graph& graph) const {
  std::uint64_t hash = kHashStart;
  const auto number = [&hash](std::uint64_t value) {
    hash = hashBytes(&value, sizeof value, hash);
  };
  const auto text = [&](const std::string& value) {
    number(value.size());
    hash = hashBytes(value.data(), value.size(), hash);
  };
  number(sizeof(Real));
  number(static_cast<std::uint64_t>(inputs()));
  number(static_cast<std::uint64_t>(outputs()));
  number(static_cast<std::uint64_t>(options_.optimiser.kind));
  number(optimiser_.moments());
  for (const Node& node : graph.nodes) {
    text(node.name);
    text(node.kind());
  }
  for (const Edge& edge : graph.edges) {
    text(edge.from);
    text(edge.to);
  }
  for (const auto& parameter : parameters()) {
    text(parameter.node);
    text(parameter.field);
    number(parameter.values.size);
  }
  return hash;
}

template <class Real>
std::size_t Learner<Real>::bytes() const {
  std::size_t values = 0;
  for (const auto& parameter : parameters()) values += parameter.values.size;
  return values * (2 + optimiser_.moments()) * sizeof(Real);
}

template class Learner<float>;
template class Learner<double>;

}  // namespace spiq
