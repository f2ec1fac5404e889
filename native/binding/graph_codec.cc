#include "binding/graph_codec.h"

#include <cmath>

#include "binding/fields.h"
#include "binding/node_reader.h"
#include "binding/node_writer.h"

namespace spiq {

namespace {

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

// Any whole number that a double holds exactly; the core knows the permitted range.
std::int64_t delayFromJs(const Napi::Value& value) {
  constexpr double kMost = 9007199254740991.0;  // 2^53 - 1
  const double delay = value.IsNumber() ? value.As<Napi::Number>().DoubleValue() : std::nan("");
  if (!(std::abs(delay) <= kMost) || delay != std::floor(delay)) {
    throw toError(value.Env(), mismatch(Code::Argument, "graph edge delay",
                                        "a whole number of steps", describe(value)));
  }
  return static_cast<std::int64_t>(delay);
}

Edge edgeFromJs(const Napi::Value& value) {
  const std::uint32_t length = value.IsArray() ? value.As<Napi::Array>().Length() : 0;
  if (length != 2 && length != 3) {
    throw toError(value.Env(), mismatch(Code::Argument, "graph edge",
                                        "a pair of node names, with a delay behind them or without",
                                        describe(value)));
  }
  const auto parts = value.As<Napi::Array>();
  Edge edge{nameFromJs(parts.Get(0U), "graph edge"), nameFromJs(parts.Get(1U), "graph edge"), 0};
  if (length == 3 && !parts.Get(2U).IsUndefined()) edge.delay = delayFromJs(parts.Get(2U));
  return edge;
}

Napi::Array edgeToJs(Napi::Env env, const Edge& edge) {
  Napi::Array parts = Napi::Array::New(env);
  parts.Set(0U, edge.from);
  parts.Set(1U, edge.to);
  if (edge.delay != 0) parts.Set(2U, static_cast<double>(edge.delay));
  return parts;
}

template <class T, class Convert>
Napi::Array listToJs(Napi::Env env, const std::vector<T>& list, const Convert& convert) {
  Napi::Array array = Napi::Array::New(env, list.size());
  for (std::uint32_t i = 0; i < list.size(); ++i) array.Set(i, convert(env, list[i]));
  return array;
}

}  // namespace

Graph graphFromJs(const Napi::Value& value) {
  Fields fields(value, "graph");
  Graph graph;
  const Napi::Array nodes = arrayField(fields, "nodes");
  for (std::uint32_t i = 0; i < nodes.Length(); ++i)
    graph.nodes.push_back(nodeFromJs(nodes.Get(i)));
  const Napi::Array edges = arrayField(fields, "edges");
  for (std::uint32_t i = 0; i < edges.Length(); ++i)
    graph.edges.push_back(edgeFromJs(edges.Get(i)));
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
  object.Set("nodes", listToJs(env, graph.nodes, nodeToJs));
  object.Set("edges", listToJs(env, graph.edges, edgeToJs));
  object.Set("outputs", listToJs(env, graph.outputs, [](Napi::Env e, const std::string& name) {
               return Napi::String::New(e, name);
             }));
  if (graph.epsilon != Graph().epsilon) object.Set("epsilon", graph.epsilon);
  return object;
}

}  // namespace spiq
