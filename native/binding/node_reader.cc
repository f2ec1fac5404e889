#include "binding/node_reader.h"

#include "binding/names.h"
#include "binding/tensor_codec.h"

namespace spiq {

namespace {

// The fields of one node, and tensors and sizes among them.
struct NodeFields {
  Fields& fields;
  std::string label;

  void tensor(const char* name, Tensor& target) const {
    target = tensorFromJs(fields.required(name, "a tensor"), label + " " + name);
  }
  void tensor(const char* name, std::optional<Tensor>& target) const {
    const Napi::Value given = fields.value(name);
    if (!given.IsUndefined()) target = tensorFromJs(given, label + " " + name);
  }
  void sizes(const char* name, Sizes& target) const {
    const Napi::Value given = fields.value(name);
    if (!given.IsUndefined()) target = sizesFromJs(given, label + " " + name);
  }
  void shape(Shape& target) const {
    target = shapeFromJs(fields.required("shape", "an array of sizes"), label + " shape");
  }
};

void read(const NodeFields& from, InputNode& node) {
  from.shape(node.shape);
  from.tensor("factor", node.factor);
  from.tensor("offset", node.offset);
}

void read(const NodeFields& from, DenseNode& node) {
  from.tensor("weight", node.weight);
  from.tensor("bias", node.bias);
}

template <class Convolution>
void readConvolution(const NodeFields& from, Convolution& node) {
  from.tensor("weight", node.weight);
  from.tensor("bias", node.bias);
  from.sizes("stride", node.stride);
  from.sizes("dilation", node.dilation);
  from.sizes("padding", node.padding);
  from.fields.integer("groups", node.groups, 1, kMaxElements);
}

void read(const NodeFields& from, ConvNode& node) {
  readConvolution(from, node);
}

void read(const NodeFields& from, ConvTransposeNode& node) {
  readConvolution(from, node);
  from.sizes("outputPadding", node.outputPadding);
}

void read(const NodeFields& from, PoolNode& node) {
  from.fields.required("mode", "average, sum or max");
  from.fields.choice("mode", node.mode, kPoolModeNames);
  from.sizes("kernel", node.kernel);
  from.sizes("stride", node.stride);
  from.sizes("dilation", node.dilation);
  from.sizes("padding", node.padding);
  from.fields.boolean("countPadding", node.countPadding);
  from.fields.choice("spikes", node.spikes, kMaxOfSpikesNames);
}

void read(const NodeFields& from, BatchNormNode& node) {
  from.tensor("scale", node.scale);
  from.tensor("shift", node.shift);
  from.tensor("mean", node.mean);
  from.tensor("variance", node.variance);
  from.fields.number("epsilon", node.epsilon);
}

void read(const NodeFields& from, ScaleNode& node) {
  from.tensor("factor", node.factor);
  from.tensor("offset", node.offset);
}

void read(const NodeFields& from, ReluNode& node) {
  from.fields.number("slope", node.slope);
  from.tensor("slopes", node.slopes);
  from.fields.number("cap", node.cap);
}

void read(const NodeFields& from, TransposeNode& node) {
  node.axes =
      sizesFromJs(from.fields.required("axes", "an array of dimensions"), from.label + " axes");
}

void read(const NodeFields& from, SelectNode& node) {
  from.fields.integer("axis", node.axis, 0, kMaxElements);
  node.indices = sizesFromJs(from.fields.required("indices", "an array of positions"),
                             from.label + " indices");
}

void read(const NodeFields& from, PadNode& node) {
  node.padding =
      sizesFromJs(from.fields.required("padding", "an array of sizes"), from.label + " padding");
}

void read(const NodeFields& from, ReshapeNode& node) {
  from.shape(node.shape);
}

void read(const NodeFields& from, ConcatNode& node) {
  from.fields.integer("axis", node.axis, 0, 2);
}

void read(const NodeFields& from, UpsampleNode& node) {
  node.scale =
      sizesFromJs(from.fields.required("scale", "an array of sizes"), from.label + " scale");
}

void read(const NodeFields& from, NeuronNode& node) {
  NeuronSpec& spec = node.spec;
  Fields& fields = from.fields;
  fields.number("threshold", spec.threshold);
  from.tensor("thresholds", node.thresholds);
  fields.number("initial", spec.initial);
  from.tensor("initials", node.initials);
  fields.number("alpha", spec.alpha);
  fields.number("beta", spec.beta);
  fields.choice("reset", spec.reset, kResetNames);
  fields.number("resetValue", spec.resetValue);
  std::int64_t refractory = spec.refractory;
  std::int64_t burst = spec.burst;
  fields.integer("refractory", refractory, 0, NeuronNode::kMaxRefractory);
  fields.integer("burst", burst, 1, kMaxBurst);
  spec.refractory = static_cast<int>(refractory);
  spec.burst = static_cast<int>(burst);
  fields.boolean("ternary", spec.ternary);
  fields.number("negative", spec.negative);
  from.tensor("negatives", node.negatives);
}

void read(const NodeFields& from, AccumulatorNode& node) {
  from.fields.number("alpha", node.alpha);
  from.fields.number("beta", node.beta);
  from.tensor("initials", node.initials);
}

void read(const NodeFields& /*from*/, FlattenNode& /*node*/) {}
void read(const NodeFields& /*from*/, AddNode& /*node*/) {}

// The overloads above and `Body::kind` are the whole table: a kind without a reader does not
// compile.
template <class... Bodies>
NodeBody bodyOfKind(const std::string& kind, const NodeFields& from, Napi::Env env,
                    const std::variant<Bodies...>* /*kinds*/) {
  NodeBody body;
  const auto readAs = [&](auto fresh) {
    if (kind != decltype(fresh)::kind) return false;
    read(from, fresh);
    body = std::move(fresh);
    return true;
  };
  if ((readAs(Bodies()) || ...)) return body;
  std::string known;
  ((known += (known.empty() ? "" : ", ") + std::string(Bodies::kind)), ...);
  throw toError(
      env, mismatch(Code::Unsupported, from.label + " kind", "one of " + known, "'" + kind + "'"));
}

}  // namespace

Node nodeFromJs(const Napi::Value& value) {
  Fields fields(value, "graph node");
  Node node;
  std::string kind;
  fields.text("name", node.name);
  fields.text("kind", kind);
  const NodeFields from{fields, "node '" + node.name + "'"};
  node.body = bodyOfKind(kind, from, value.Env(), static_cast<const NodeBody*>(nullptr));
  fields.finish();
  return node;
}

}  // namespace spiq
