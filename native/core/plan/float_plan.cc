#include "core/plan/float_plan.h"

#include <algorithm>

namespace spiq {

template <class Real>
Result<FloatPlan<Real>> FloatPlan<Real>::compile(const Graph& graph, const Backend<Real>& backend) {
  const Result<Chain> chain = asChain(graph);
  if (!chain.ok()) return chain.status();
  FloatPlan plan(backend, chain.value().inputSize(), chain.value().outputSize());
  for (const Node* node : chain.value().nodes) {
    if (const auto* dense = std::get_if<DenseNode>(&node->body)) {
      plan.layers_.push_back({DenseData<Real>(*dense), false});
    } else if (std::holds_alternative<ReluNode>(node->body)) {
      (plan.layers_.empty() ? plan.inputRelu_ : plan.layers_.back().relu) = true;
    } else if (!std::holds_alternative<InputNode>(node->body) &&
               !std::holds_alternative<FlattenNode>(node->body)) {
      return mismatch(Code::Unsupported, "float forward pass", "a float network",
                      "a spiking one (" + node->label() + "); use a simulator for it");
    }
  }
  if (plan.layers_.empty())
    return mismatch(Code::Graph, "network", "at least one dense layer", "none");
  return plan;
}

template <class Real>
Status FloatPlan<Real>::run(View<const Real> observations, std::size_t rows, Real* output,
                            const Observer& observer, Control& control) const {
  if (observations.size != rows * static_cast<std::size_t>(inputs_)) {
    return mismatch(Code::Shape, "observations",
                    std::to_string(rows) + " rows of " + std::to_string(inputs_) + " values",
                    std::to_string(observations.size) + " values");
  }
  if (const Status status = checkFinite(observations, "observations"); !status.ok()) return status;
  std::int64_t widest = inputs_;
  for (const Layer& layer : layers_) widest = std::max(widest, layer.dense.padded);
  struct Scratch {
    std::vector<Real> in;
    std::vector<Real> out;
  };
  std::vector<Scratch> scratch(control.threads);
  for (Scratch& s : scratch) {
    s.in.resize(static_cast<std::size_t>(widest));
    s.out.resize(static_cast<std::size_t>(widest));
  }
  control.total = rows;
  control.pool.run(rows, control.threads, [&](std::size_t row, std::size_t worker) {
    if (control.cancelled.load(std::memory_order_relaxed)) return;
    runRow(observations.data + row * inputs_, row,
           output == nullptr ? nullptr : output + row * outputs_, observer, scratch[worker].in,
           scratch[worker].out);
    control.done.fetch_add(1, std::memory_order_relaxed);
  });
  if (const Status status = control.cancelledStatus(); !status.ok()) return status;
  if (output == nullptr) return {};
  return checkFinite<Real>(
      {output, rows * static_cast<std::size_t>(outputs_)},
      "network output (float overflow: are weights and observations of sensible size?)");
}

template <class Real>
void FloatPlan<Real>::runRow(const Real* observation, std::size_t row, Real* output,
                             const Observer& observer, std::vector<Real>& in,
                             std::vector<Real>& out) const {
  const auto rectify = [](Real* values, std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) values[i] = std::max(values[i], Real{0});
  };
  std::copy(observation, observation + inputs_, in.begin());
  if (inputRelu_) rectify(in.data(), inputs_);
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const Layer& layer = layers_[l];
    backend_->project(layer.dense.view(), in.data(), out.data());
    if (layer.relu) rectify(out.data(), layer.dense.units);
    if (observer) observer(row, l, {out.data(), static_cast<std::size_t>(layer.dense.units)});
    in.swap(out);
  }
  if (output != nullptr) std::copy(in.begin(), in.begin() + outputs_, output);
}

template class FloatPlan<float>;
template class FloatPlan<double>;

}  // namespace spiq
