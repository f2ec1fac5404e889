#include "binding/graph_codec.h"

#include <cmath>

#include "binding/arrays.h"
#include "binding/names.h"

namespace spiq {

namespace {

Shape shapeFromJs(const Napi::Value& value, const std::string& what) {
  if (!value.IsArray())
    throw toError(value.Env(),
                  mismatch(Code::Argument, what, "an array of sizes", describe(value)));
  const auto array = value.As<Napi::Array>();
  Shape shape;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const Napi::Value size = array.Get(i);
    const double number = size.IsNumber() ? size.As<Napi::Number>().DoubleValue() : -1.0;
    if (!(number >= 1 && number <= static_cast<double>(kMaxElements)) ||
        number != std::floor(number)) {
      throw toError(value.Env(),
                    mismatch(Code::Shape, what, "whole sizes of at least 1", describe(size)));
    }
    shape.push_back(static_cast<std::int64_t>(number));
  }
  return shape;
}

Tensor tensorFromJs(const Napi::Value& value, const std::string& what) {
  Fields fields(value, what);
  Tensor tensor;
  tensor.shape = shapeFromJs(fields.required("shape", "an array of sizes"), what + " shape");
  const Napi::Value data = fields.required("data", "a Float32Array");
  if (!data.IsTypedArray() || data.As<Napi::TypedArray>().TypedArrayType() != napi_float32_array) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, what + " data", "a Float32Array", describe(data)));
  }
  const auto array = data.As<Napi::Float32Array>();
  tensor.data.assign(array.Data(), array.Data() + array.ElementLength());
  fields.finish();
  return tensor;
}

NeuronNode neuronFromJs(Fields& fields) {
  NeuronNode node;
  NeuronSpec& spec = node.spec;
  fields.number("threshold", spec.threshold);
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
  return node;
}

NodeBody bodyFromJs(const std::string& kind, const std::string& label, Fields& fields,
                    Napi::Env env) {
  if (kind == InputNode::kind)
    return InputNode{shapeFromJs(fields.required("shape", "an array of sizes"), label + " shape")};
  if (kind == ReluNode::kind) return ReluNode{};
  if (kind == FlattenNode::kind) return FlattenNode{};
  if (kind == NeuronNode::kind) return neuronFromJs(fields);
  if (kind == AccumulatorNode::kind) {
    AccumulatorNode node;
    fields.number("alpha", node.alpha);
    fields.number("beta", node.beta);
    return node;
  }
  if (kind == DenseNode::kind) {
    DenseNode node{tensorFromJs(fields.required("weight", "a tensor"), label + " weight"), {}};
    const Napi::Value bias = fields.value("bias");
    if (!bias.IsUndefined()) node.bias = tensorFromJs(bias, label + " bias");
    return node;
  }
  throw toError(
      env, mismatch(Code::Unsupported, label + " kind",
                    "one of input, dense, relu, flatten, neuron, accumulator", "'" + kind + "'"));
}

Node nodeFromJs(const Napi::Value& value) {
  Fields fields(value, "graph node");
  Node node;
  std::string kind;
  fields.text("name", node.name);
  fields.text("kind", kind);
  const std::string label = "node '" + node.name + "'";
  node.body = bodyFromJs(kind, label, fields, value.Env());
  fields.finish();
  return node;
}

std::string nameFromJs(const Napi::Value& value, const std::string& what) {
  if (!value.IsString())
    throw toError(value.Env(), mismatch(Code::Argument, what, "a node's name", describe(value)));
  return value.As<Napi::String>().Utf8Value();
}

Napi::Array arrayField(Fields& fields, const char* name) {
  const Napi::Value value = fields.required(name, "an array");
  if (!value.IsArray()) {
    throw toError(value.Env(), mismatch(Code::Argument, std::string("graph ") + name, "an array",
                                        describe(value)));
  }
  return value.As<Napi::Array>();
}

Napi::Object tensorToJs(Napi::Env env, const Tensor& tensor) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array shape = Napi::Array::New(env, tensor.shape.size());
  for (std::uint32_t i = 0; i < tensor.shape.size(); ++i)
    shape.Set(i, static_cast<double>(tensor.shape[i]));
  object.Set("shape", shape);
  object.Set("data", toJs(env, tensor.data));
  return object;
}

struct BodyWriter {
  Napi::Env env;
  Napi::Object& object;

  void operator()(const InputNode& node) const {
    object.Set("shape", tensorToJs(env, {node.shape, {}}).Get("shape"));
  }
  void operator()(const DenseNode& node) const {
    object.Set("weight", tensorToJs(env, node.weight));
    if (node.bias) object.Set("bias", tensorToJs(env, *node.bias));
  }
  void operator()(const ReluNode& /*node*/) const {}
  void operator()(const FlattenNode& /*node*/) const {}
  void operator()(const NeuronNode& node) const {
    const NeuronSpec& spec = node.spec;
    object.Set("threshold", spec.threshold);
    object.Set("alpha", spec.alpha);
    object.Set("beta", spec.beta);
    object.Set("reset", nameOf(spec.reset, kResetNames));
    if (spec.reset == Reset::Value) object.Set("resetValue", spec.resetValue);
    if (spec.refractory != 0) object.Set("refractory", spec.refractory);
    if (spec.ternary) object.Set("ternary", true);
    if (spec.burst != 1) object.Set("burst", spec.burst);
  }
  void operator()(const AccumulatorNode& node) const {
    object.Set("alpha", node.alpha);
    object.Set("beta", node.beta);
  }
};

}  // namespace

Graph graphFromJs(const Napi::Value& value) {
  Fields fields(value, "graph");
  Graph graph;
  const Napi::Array nodes = arrayField(fields, "nodes");
  for (std::uint32_t i = 0; i < nodes.Length(); ++i)
    graph.nodes.push_back(nodeFromJs(nodes.Get(i)));
  const Napi::Array edges = arrayField(fields, "edges");
  for (std::uint32_t i = 0; i < edges.Length(); ++i) {
    const Napi::Value edge = edges.Get(i);
    if (!edge.IsArray() || edge.As<Napi::Array>().Length() != 2) {
      throw toError(value.Env(),
                    mismatch(Code::Argument, "graph edge", "a pair of node names", describe(edge)));
    }
    const auto pair = edge.As<Napi::Array>();
    graph.edges.emplace_back(nameFromJs(pair.Get(0U), "graph edge"),
                             nameFromJs(pair.Get(1U), "graph edge"));
  }
  const Napi::Array outputs = arrayField(fields, "outputs");
  for (std::uint32_t i = 0; i < outputs.Length(); ++i)
    graph.outputs.push_back(nameFromJs(outputs.Get(i), "graph output"));
  fields.number("epsilon", graph.epsilon);
  fields.value("conversion");
  fields.finish();
  return graph;
}

Napi::Object graphToJs(Napi::Env env, const Graph& graph) {
  Napi::Object object = Napi::Object::New(env);
  Napi::Array nodes = Napi::Array::New(env, graph.nodes.size());
  for (std::uint32_t i = 0; i < graph.nodes.size(); ++i) {
    Napi::Object node = Napi::Object::New(env);
    node.Set("kind", graph.nodes[i].kind());
    node.Set("name", graph.nodes[i].name);
    std::visit(BodyWriter{env, node}, graph.nodes[i].body);
    nodes.Set(i, node);
  }
  Napi::Array edges = Napi::Array::New(env, graph.edges.size());
  for (std::uint32_t i = 0; i < graph.edges.size(); ++i) {
    Napi::Array pair = Napi::Array::New(env, 2);
    pair.Set(0U, graph.edges[i].first);
    pair.Set(1U, graph.edges[i].second);
    edges.Set(i, pair);
  }
  Napi::Array outputs = Napi::Array::New(env, graph.outputs.size());
  for (std::uint32_t i = 0; i < graph.outputs.size(); ++i) outputs.Set(i, graph.outputs[i]);
  object.Set("nodes", nodes);
  object.Set("edges", edges);
  object.Set("outputs", outputs);
  object.Set("epsilon", graph.epsilon);
  return object;
}

}  // namespace spiq
