#include "binding/graph_wrap.h"

#include <algorithm>

#include "binding/errors.h"
#include "binding/forward.h"
#include "binding/graph_codec.h"
#include "core/convert/fold_batch_norm.h"
#include "core/graph/weighted.h"

namespace spiq {

namespace {

constexpr napi_type_tag kGraphTag{0x6f1d2a7c53e84b90, 0x9a4c7e15d2b86f31};

std::size_t weightBytes(const Graph& graph) {
  std::size_t bytes = 0;
  for (const Node& node : graph.nodes) {
    withWeights(node, [&bytes](const auto& body) {
      bytes += body.weight.data.size() * sizeof(body.weight.data[0]);
    });
  }
  return bytes;
}

// Scales of a spiking network are left as they are: their sums are a part of its definition.
bool worthFolding(const Graph& graph) {
  const auto any = [&](const auto& test) {
    return std::any_of(graph.nodes.begin(), graph.nodes.end(), test);
  };
  const bool spiking = any([](const Node& node) {
    return node.as<NeuronNode>() != nullptr || node.as<AccumulatorNode>() != nullptr;
  });
  return any([&](const Node& node) {
    return node.as<BatchNormNode>() != nullptr || (!spiking && node.as<ScaleNode>() != nullptr);
  });
}

}  // namespace

Napi::Function GraphWrap::define(Napi::Env env) {
  return DefineClass(env, "Graph",
                     {InstanceMethod("describe", &GraphWrap::describe),
                      InstanceMethod("toPlain", &GraphWrap::toPlain),
                      InstanceMethod("forward", &GraphWrap::forward),
                      InstanceMethod("forwardSync", &GraphWrap::forwardSync)});
}

GraphWrap::GraphWrap(const Napi::CallbackInfo& info) : Napi::ObjectWrap<GraphWrap>(info) {
  auto graph = std::make_shared<Graph>(graphFromJs(info[0]));
  throwIfFailed(info.Env(), arrange(*graph).status());
  given_ = folded_ = graph;
  if (worthFolding(*graph)) {
    folded_ = std::make_shared<Graph>(takeOrThrow(info.Env(), foldBatchNorm(*graph)));
  }
  passes_ = std::make_shared<ForwardPasses>(folded_);
  memory_.hold(info.Env(), weightBytes(*graph));
  info.This().As<Napi::Object>().TypeTag(&kGraphTag);
}

const GraphWrap& GraphWrap::wrapOf(const Napi::Value& value) {
  if (!value.IsObject() || !value.As<Napi::Object>().CheckTypeTag(&kGraphTag)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "graph", "a native Graph", spiq::describe(value)));
  }
  return *Unwrap(value.As<Napi::Object>());
}

std::shared_ptr<const Graph> GraphWrap::graphOf(const Napi::Value& value) {
  return wrapOf(value).folded_;
}

std::shared_ptr<const Graph> GraphWrap::givenOf(const Napi::Value& value) {
  return wrapOf(value).given_;
}

Napi::Value GraphWrap::describe(const Napi::CallbackInfo& info) {
  const auto graph = graphOf(info.This());
  const Arrangement arrangement = takeOrThrow(info.Env(), arrange(*graph));
  Napi::Object object = Napi::Object::New(info.Env());
  object.Set("inputSize", static_cast<double>(arrangement.inputSize()));
  object.Set("outputSize", static_cast<double>(arrangement.outputSize()));
  object.Set("spiking", arrangement.isSpiking());
  return object;
}

Napi::Value GraphWrap::toPlain(const Napi::CallbackInfo& info) {
  return graphToJs(info.Env(), *wrapOf(info.This()).given_);
}

Napi::Value GraphWrap::forward(const Napi::CallbackInfo& info) {
  return spiq::forward(info, wrapOf(info.This()).passes_, false);
}

Napi::Value GraphWrap::forwardSync(const Napi::CallbackInfo& info) {
  return spiq::forward(info, wrapOf(info.This()).passes_, true);
}

}  // namespace spiq
