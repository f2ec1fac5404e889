#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/learn/training_pass.h"
#include "core/plan/plan.h"

namespace spiq {

// What is trained of a plan, and how it stands to the graph's nodes: values that the plan holds as
// they are, and others that something in the plan is made of.
template <class Real>
class Trained {
 public:
  // The plan must outlive it, and stay where it is.
  ~Trained();
  static Result<std::unique_ptr<Trained>> make(const Graph& graph, const TrainingOptions& options,
                                               Plan<Real>& plan);

  const std::vector<Parameter<Real>>& parameters() const { return parameters_; }
  bool changes(std::size_t operation) const;

  // Gradients of what a linear operation computes with, as its data lies: of its weights, and of
  // the first `stride` of its bias. Null where they are not trained.
  Real* weightGradient(std::size_t operation);
  // Which parameter the weights are, or how many there are where they are none as they lie.
  std::size_t weightParameter(std::size_t operation) const;
  Real* biasGradient(std::size_t operation);
  // Of a neuron operation, null where nothing of it is trained.
  struct NeuronGradient {
    bool thresholds = false;  // compared ones
    bool alpha = false;
    bool beta = false;
    AlignedVector<Real> ofThresholds;  // [stride]
    Real ofAlpha{};
    Real ofBeta{};
    bool any() const { return thresholds || alpha || beta; }
  };
  NeuronGradient* neuronGradient(std::size_t operation);

  // Makes the plan's values of the parameters'.
  void settle();
  // Makes the parameters' gradients of the plan's.
  void collect();
  Graph graph() const;
  std::vector<NamedValues<Real>> gradients() const;

 private:
  struct Linear;
  struct Neuron;
  // Of each parameter, where it stands in the graph.
  struct Field {
    std::size_t node = 0;
    Shape shape = {};
    const LinearData<Real>* packed = nullptr;
  };

  Trained(Graph graph, TrainingOptions options, Plan<Real>& plan);
  void addLinear(std::size_t operation, std::size_t node);
  void addNeuron(std::size_t operation, std::size_t node);
  // `packed`: in the order of this data's weights, null: one after the other.
  Parameter<Real>& add(std::size_t node, const char* field, Shape shape, View<Real> values,
                       Real* gradient, const LinearData<Real>* packed = nullptr);
  Status check() const;
  bool isFrozen(const std::string& node) const;
  template <class Use>
  void eachFoldedRow(const Linear& linear, const Use& use) const;
  void unfold(Linear& linear);
  void fold(Linear& linear);
  void settleNorm(Linear& linear);
  void settleNeuron(Neuron& neuron);
  Graph graph_;
  TrainingOptions options_;
  Plan<Real>& plan_;
  std::vector<std::unique_ptr<Linear>> linears_;  // of each operation, or null
  std::vector<std::unique_ptr<Neuron>> neurons_;
  std::vector<Parameter<Real>> parameters_;
  std::vector<Field> fields_;
};

}  // namespace spiq
