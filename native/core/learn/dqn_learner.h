#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/learn/batch_source.h"
#include "core/learn/learner.h"

namespace spiq {

// Q-learning on transitions with a second network for the targets (Mnih et al., Nature 518, 2015).
struct DqnOptions {
  LearnerOptions learner;
  // The next action is chosen by the network that learns and valued by the other one (van Hasselt
  // et al., "Deep reinforcement learning with double Q-learning", AAAI 2016); else both by the
  // other.
  bool doubleQ = true;
  LossKind loss = LossKind::Mse;  // Mse, Huber or ClippedError
  double errorClip = 1.0;         // of Huber and ClippedError
  // Advantage learning: targets of other than the best action are lowered by this share of how much
  // worse they are, which widens the gaps between actions by up to 1/(1 - share) (Bellemare et
  // al., "Increasing the action gap", AAAI 2016).
  double gapShare = 0.0;
  // What returns are cut to.
  double leastReward = -std::numeric_limits<double>::infinity();
  double mostReward = std::numeric_limits<double>::infinity();
};

struct Transitions {
  View<const float> states;
  View<const std::int32_t> actions;
  View<const float> returns;
  View<const float> nextStates;
  View<const float> discounts;  // of what follows; 0 where nothing does
  View<const float> weights;    // importance of each, empty: 1
};

struct DqnReport {
  double loss = 0.0;
  double meanQ = 0.0;  // of each state's best action, before the update
};

class DqnLearner {
 public:
  // `target` begins as the second network; it has the same nodes.
  static Result<std::unique_ptr<DqnLearner>> make(const Graph& graph, const Graph& target,
                                                  const DqnOptions& options,
                                                  const Backend<float>& backend);

  std::int64_t inputs() const { return policy_->inputs(); }
  std::int64_t outputs() const { return policy_->outputs(); }
  Learner<float>& policy() { return *policy_; }
  const Learner<float>& policy() const { return *policy_; }
  TrainingPass<float>& target() { return *target_; }

  // One update. `errors()` then has target less value of every transition.
  Result<DqnReport> update(const Transitions& transitions, Control& control);
  const std::vector<float>& errors() const { return errors_; }
  // `count` updates on as many sampled batches, whose priorities become their errors' sizes; the
  // mean of their reports. Those before one that fails or is cancelled stay done.
  Result<DqnReport> update(BatchSource& source, std::size_t batch, std::size_t count,
                           Control& control);

  // target = (1 - tau) target + tau policy: 1 copies (Lillicrap et al., "Continuous control with
  // deep reinforcement learning", ICLR 2016).
  void syncTarget(double tau);

  std::vector<std::uint8_t> save();
  Status restore(const std::uint8_t* bytes, std::size_t size);
  std::size_t bytes() const { return 2 * policy_->bytes(); }

 private:
  DqnLearner(std::unique_ptr<Learner<float>> policy, std::unique_ptr<TrainingPass<float>> target,
             DqnOptions options)
      : policy_(std::move(policy)), target_(std::move(target)), options_(std::move(options)) {}

  Status check(const Transitions& transitions) const;
  Status valueNext(const Transitions& transitions, Control& control);
  Status valueGaps(const Transitions& transitions, Control& control);
  DqnReport compare(const Transitions& transitions);
  Status prioritise(BatchSource& source);
  void exchange(StateBytes& bytes);
  bool sound() const;

  std::unique_ptr<Learner<float>> policy_;
  std::unique_ptr<TrainingPass<float>> target_;
  DqnOptions options_;
  ReplayBatch batch_;
  std::vector<float> choices_;  // values of the next states by which actions are chosen
  std::vector<float> values_;   // and valued
  std::vector<float> current_;  // values of the states by the second network, if gaps count
  std::vector<float> gaps_;     // what the states' other actions are worth less, if that counts
  std::vector<float> gradient_;
  std::vector<float> errors_;
  std::vector<float> sizes_;  // of the errors
};

}  // namespace spiq
