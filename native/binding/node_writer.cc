#include "binding/node_writer.h"

#include "binding/names.h"
#include "binding/tensor_codec.h"

namespace spiq {

namespace {

struct BodyWriter {
  Napi::Env env;
  Napi::Object& object;

  void operator()(const InputNode& node) const {
    object.Set("shape", sizesToJs(env, node.shape));
    tensor("factor", node.factor);
    tensor("offset", node.offset);
  }
  void operator()(const DenseNode& node) const {
    tensor("weight", node.weight);
    tensor("bias", node.bias);
  }
  void operator()(const ConvNode& node) const { convolution(node); }
  void operator()(const ConvTransposeNode& node) const {
    convolution(node);
    sizes("outputPadding", node.outputPadding);
  }
  void operator()(const PoolNode& node) const {
    const PoolNode standard;
    object.Set("mode", nameOf(node.mode, kPoolModeNames));
    sizes("kernel", node.kernel);
    sizes("stride", node.stride);
    sizes("dilation", node.dilation);
    sizes("padding", node.padding);
    set("countPadding", node.countPadding, standard.countPadding);
    choice("spikes", node.spikes, standard.spikes, kMaxOfSpikesNames);
  }
  void operator()(const BatchNormNode& node) const {
    tensor("scale", node.scale);
    tensor("shift", node.shift);
    tensor("mean", node.mean);
    tensor("variance", node.variance);
    set("epsilon", node.epsilon, BatchNormNode().epsilon);
  }
  void operator()(const ScaleNode& node) const {
    tensor("factor", node.factor);
    tensor("offset", node.offset);
  }
  void operator()(const ReluNode& node) const {
    set("slope", node.slope, ReluNode().slope);
    tensor("slopes", node.slopes);
    if (node.cap) object.Set("cap", *node.cap);
  }
  void operator()(const TransposeNode& node) const { sizes("axes", node.axes); }
  void operator()(const SelectNode& node) const {
    set("axis", node.axis, SelectNode().axis);
    sizes("indices", node.indices);
  }
  void operator()(const PadNode& node) const { sizes("padding", node.padding); }
  void operator()(const FlattenNode& /*node*/) const {}
  void operator()(const ReshapeNode& node) const {
    object.Set("shape", sizesToJs(env, node.shape));
  }
  void operator()(const ConcatNode& node) const { set("axis", node.axis, ConcatNode().axis); }
  void operator()(const UpsampleNode& node) const { sizes("scale", node.scale); }
  void operator()(const AddNode& /*node*/) const {}
  void operator()(const NeuronNode& node) const {
    const NeuronSpec& spec = node.spec;
    const NeuronSpec standard;
    set("threshold", spec.threshold, standard.threshold);
    tensor("thresholds", node.thresholds);
    set("initial", spec.initial, standard.initial);
    tensor("initials", node.initials);
    set("alpha", spec.alpha, standard.alpha);
    set("beta", spec.beta, standard.beta);
    choice("reset", spec.reset, standard.reset, kResetNames);
    set("resetValue", spec.resetValue, standard.resetValue);
    set("refractory", spec.refractory, standard.refractory);
    set("ternary", spec.ternary, standard.ternary);
    set("negative", spec.negative, standard.negative);
    tensor("negatives", node.negatives);
    set("burst", spec.burst, standard.burst);
  }
  void operator()(const AccumulatorNode& node) const {
    set("alpha", node.alpha, AccumulatorNode().alpha);
    set("beta", node.beta, AccumulatorNode().beta);
    tensor("initials", node.initials);
  }

 private:
  template <class Convolution>
  void convolution(const Convolution& node) const {
    tensor("weight", node.weight);
    tensor("bias", node.bias);
    sizes("stride", node.stride);
    sizes("dilation", node.dilation);
    sizes("padding", node.padding);
    set("groups", node.groups, Convolution().groups);
  }
  void tensor(const char* name, const std::optional<Tensor>& given) const {
    if (given) object.Set(name, tensorToJs(env, *given));
  }
  void sizes(const char* name, const Sizes& given) const {
    if (!given.empty()) object.Set(name, sizesToJs(env, given));
  }
  void set(const char* name, bool value, bool standard) const {
    if (value != standard) object.Set(name, value);
  }
  template <class Number>
  void set(const char* name, Number value, Number standard) const {
    if (value != standard) object.Set(name, static_cast<double>(value));
  }
  template <class E>
  void choice(const char* name, E value, E standard, const Names<E>& names) const {
    if (value != standard) object.Set(name, nameOf(value, names));
  }
};

}  // namespace

Napi::Object nodeToJs(Napi::Env env, const Node& node) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("kind", node.kind());
  object.Set("name", node.name);
  std::visit(BodyWriter{env, object}, node.body);
  return object;
}

}  // namespace spiq
