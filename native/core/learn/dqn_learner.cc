#include "core/learn/dqn_learner.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "core/learn/learner_state.h"

namespace spiq {

namespace {

constexpr std::uint64_t kPoissonNext = std::uint64_t{1} << 63;

template <class T>
View<const T> viewOf(const std::vector<T>& values) {
  return {values.data(), values.size()};
}

Status checkSize(const char* what, std::size_t expected, std::size_t received) {
  if (received == expected) return {};
  return mismatch(Code::Shape, what, std::to_string(expected) + " values",
                  std::to_string(received));
}

// Their values lie padded, and so alike for layers that are not.
bool sameLayers(const Learner<float>& policy, const TrainingPass<float>& target) {
  const auto same = [](const NamedValues<float>& one, const NamedValues<float>& other) {
    return one.node == other.node && one.field == other.field && one.shape == other.shape;
  };
  const std::vector<NamedValues<float>> a = policy.gradients();
  const std::vector<NamedValues<float>> b = target.gradients();
  return policy.inputs() == target.inputs() && policy.outputs() == target.outputs() &&
         std::equal(a.begin(), a.end(), b.begin(), b.end(), same);
}

std::size_t best(const float* values, std::size_t width) {
  return static_cast<std::size_t>(std::max_element(values, values + width) - values);
}

}  // namespace

Result<std::unique_ptr<DqnLearner>> DqnLearner::make(const Graph& graph, const Graph& target,
                                                     const DqnOptions& options,
                                                     const Backend<float>& backend) {
  if (!(options.errorClip > 0.0) || !std::isfinite(options.errorClip)) {
    return mismatch(Code::Range, "errorClip", "a number above 0", showNumber(options.errorClip));
  }
  if (!(options.gapShare >= 0.0 && options.gapShare < 1.0)) {
    return mismatch(Code::Range, "gapShare", "a number from 0 to below 1",
                    showNumber(options.gapShare));
  }
  if (!(options.leastReward <= options.mostReward)) {
    return mismatch(Code::Range, "reward", "min at most max",
                    showNumber(options.leastReward) + " and " + showNumber(options.mostReward));
  }
  auto policy = Learner<float>::make(graph, options.learner, backend);
  if (!policy.ok()) return policy.status();
  auto second = TrainingPass<float>::compile(target, options.learner.training, backend);
  if (!second.ok()) return second.status();
  if (!sameLayers(*policy.value(), *second.value())) {
    return mismatch(Code::Shape, "target network", "the layers of the one that learns", "others");
  }
  return std::unique_ptr<DqnLearner>(new DqnLearner(policy.take(), second.take(), options));
}

Status DqnLearner::check(const Transitions& transitions) const {
  const std::size_t rows = transitions.actions.size;
  const std::size_t size = rows * static_cast<std::size_t>(inputs());
  if (rows == 0) return mismatch(Code::Shape, "batch", "at least one transition", "none");
  Status checks[] = {
      checkSize("observations", size, transitions.states.size),
      checkSize("next observations", size, transitions.nextStates.size),
      checkSize("rewards", rows, transitions.returns.size),
      checkSize("discounts", rows, transitions.discounts.size),
      checkSize("weights", transitions.weights.size == 0 ? 0 : rows, transitions.weights.size),
      checkFinite(transitions.returns, "rewards"),
      checkFinite(transitions.discounts, "discounts"),
      checkFinite(transitions.weights, "weights")};
  for (Status& status : checks) {
    if (!status.ok()) return std::move(status);
  }
  for (std::size_t row = 0; row < rows; ++row) {
    const std::int32_t action = transitions.actions[row];
    if (action >= 0 && action < outputs()) continue;
    return mismatch(Code::Range, "actions element " + std::to_string(row),
                    "a whole number from 0 to " + std::to_string(outputs() - 1),
                    std::to_string(action));
  }
  return {};
}

// What follows a terminal state is passed on with the others and then counts for nothing.
Status DqnLearner::valueNext(const Transitions& transitions, Control& control) {
  const std::size_t rows = transitions.actions.size;
  const std::size_t size = rows * static_cast<std::size_t>(outputs());
  const TrainingDraw draw{options_.learner.seed, kPoissonNext + policy_->seen()};
  values_.resize(size);
  Status status =
      target_->forward(transitions.nextStates, rows, draw, false, values_.data(), control);
  if (!status.ok() || !options_.doubleQ) return status;
  choices_.resize(size);
  return policy_->forward(transitions.nextStates, rows, draw, choices_.data(), control);
}

// By the network that targets come from.
Status DqnLearner::valueGaps(const Transitions& transitions, Control& control) {
  const std::size_t rows = transitions.actions.size;
  gaps_.assign(rows, 0.0F);
  if (options_.gapShare == 0.0) return {};
  const auto width = static_cast<std::size_t>(outputs());
  const TrainingDraw draw{options_.learner.seed, policy_->seen()};
  current_.resize(rows * width);
  Status status = target_->forward(transitions.states, rows, draw, false, current_.data(), control);
  if (!status.ok()) return status;
  for (std::size_t row = 0; row < rows; ++row) {
    const float* values = current_.data() + row * width;
    const auto taken = static_cast<std::size_t>(transitions.actions[row]);
    gaps_[row] = values[best(values, width)] - values[taken];
  }
  return {};
}

DqnReport DqnLearner::compare(const Transitions& transitions) {
  const std::size_t rows = transitions.actions.size;
  const auto width = static_cast<std::size_t>(outputs());
  const float* outputs = policy_->observed().data;
  const std::vector<float>& choices = options_.doubleQ ? choices_ : values_;
  const auto least = static_cast<float>(options_.leastReward);
  const auto most = static_cast<float>(options_.mostReward);
  const double share = 1.0 / static_cast<double>(rows);
  DqnReport report;
  gradient_.assign(rows * width, 0.0F);
  errors_.resize(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    const std::size_t first = row * width;
    const float reward = std::clamp(transitions.returns[row], least, most);
    const float discount = transitions.discounts[row];
    const float next = values_[first + best(choices.data() + first, width)];
    const float worth = discount == 0.0F ? reward : reward + discount * next;
    const float target = worth - static_cast<float>(options_.gapShare) * gaps_[row];
    const std::size_t taken = first + static_cast<std::size_t>(transitions.actions[row]);
    const float error = target - outputs[taken];
    const double weight =
        transitions.weights.size == 0 ? share : share * double{transitions.weights[row]};
    const ErrorTerm term = errorTerm(options_.loss, -double{error}, options_.errorClip);
    gradient_[taken] = static_cast<float>(weight * term.slope);
    errors_[row] = error;
    report.loss += weight * term.loss;
    report.meanQ += share * double{outputs[first + best(outputs + first, width)]};
  }
  return report;
}

Result<DqnReport> DqnLearner::update(const Transitions& transitions, Control& control) {
  if (const Status status = check(transitions); !status.ok()) return status;
  if (const Status status = valueNext(transitions, control); !status.ok()) return status;
  if (const Status status = valueGaps(transitions, control); !status.ok()) return status;
  Status status = policy_->observe(transitions.states, transitions.actions.size, control);
  if (!status.ok()) return status;
  const DqnReport report = compare(transitions);
  if (!std::isfinite(report.loss)) {
    return mismatch(Code::NotFinite, "loss", "a finite number", showNumber(report.loss));
  }
  status = policy_->learn(viewOf(gradient_), control);
  if (!status.ok()) return status;
  return report;
}

Status DqnLearner::prioritise(BatchSource& source) {
  if (!source.prioritised()) return {};
  sizes_.resize(errors_.size());
  std::transform(errors_.begin(), errors_.end(), sizes_.begin(),
                 [](float error) { return std::abs(error); });
  return source.setPriorities(viewOf(batch_.indices), viewOf(sizes_));
}

Result<DqnReport> DqnLearner::update(BatchSource& source, std::size_t batch, std::size_t count,
                                     Control& control) {
  DqnReport mean;
  control.total = count;
  for (std::size_t k = 0; k < count; ++k) {
    if (const Status status = control.cancelledStatus(); !status.ok()) return status;
    if (const Status status = source.sample(batch, batch_); !status.ok()) return status;
    auto report =
        update({viewOf(batch_.states), viewOf(batch_.actions), viewOf(batch_.returns),
                viewOf(batch_.nextStates), viewOf(batch_.discounts), viewOf(batch_.weights)},
               control);
    if (!report.ok()) return report;
    if (const Status status = prioritise(source); !status.ok()) return status;
    mean.loss += report.value().loss / static_cast<double>(count);
    mean.meanQ += report.value().meanQ / static_cast<double>(count);
    control.done = k + 1;
  }
  return mean;
}

void DqnLearner::syncTarget(double tau) {
  const auto fresh = static_cast<float>(tau);
  const auto kept = static_cast<float>(1.0 - tau);
  for (std::size_t p = 0; p < policy_->parameters().size(); ++p) {
    const View<float> from = policy_->parameters()[p].values;
    const View<float> to = target_->parameters()[p].values;
    if (tau == 1.0) {
      std::copy_n(from.data, from.size, to.data);
      continue;
    }
    for (std::size_t i = 0; i < to.size; ++i) to[i] = kept * to[i] + fresh * from[i];
  }
  target_->parametersChanged();
}

void DqnLearner::exchange(StateBytes& bytes) {
  policy_->exchange(bytes);
  for (const auto& parameter : target_->parameters())
    bytes.pass(parameter.values.data, parameter.values.size);
  if (bytes.reads()) target_->parametersChanged();
}

bool DqnLearner::sound() const {
  const auto& parameters = target_->parameters();
  return policy_->sound() && std::all_of(parameters.begin(), parameters.end(), isSound<float>);
}

std::vector<std::uint8_t> DqnLearner::save() {
  return saveLearner(LearnerKind::Dqn, policy_->fingerprint(),
                     [this](StateBytes& bytes) { exchange(bytes); });
}

Status DqnLearner::restore(const std::uint8_t* bytes, std::size_t size) {
  return restoreLearner(
      LearnerKind::Dqn, policy_->fingerprint(), bytes, size,
      [this](StateBytes& state) { exchange(state); }, [this] { return sound(); });
}

}  // namespace spiq
