#include "binding/graph_wrap.h"

#include <algorithm>

#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/forward.h"
#include "binding/graph_codec.h"
#include "binding/job.h"
#include "binding/names.h"
#include "core/convert/fold_batch_norm.h"
#include "core/convert/max_pools.h"
#include "core/convert/normalise.h"
#include "core/convert/to_spiking.h"
#include "core/graph/weighted.h"

namespace spiq {

namespace {

constexpr napi_type_tag kGraphTag{0x6f1d2a7c53e84b90, 0x9a4c7e15d2b86f31};

enum class Method { Robust, Data, Model };

const Names<Method> kMethodNames{
    {"robust", Method::Robust}, {"data", Method::Data}, {"model", Method::Model}};

const Names<MaxPools> kMaxPoolsNames{{"gated", MaxPools::Gated},
                                     {"average", MaxPools::Average},
                                     {"before-neurons", MaxPools::BeforeNeurons}};

struct Conversion {
  RealInput<double> observations;
  Method method = Method::Robust;
  double percentile = 0.99;
  std::int64_t rows = 0;
  std::optional<MaxPools> maxPools;  // otherwise what each pool says
  std::vector<double> scales;
  Graph graph;

  Status run(const Graph& source, Control& control) {
    // First the cheap refusal of what cannot be spiking, then the statistics.
    if (const auto spiking = spikingOf(source); !spiking.ok()) return spiking.status();
    Result<std::vector<double>> chosen =
        method == Method::Model ? modelScales(source) : fromData(source, control);
    if (!chosen.ok()) return chosen.status();
    scales = chosen.take();
    const auto scaled = normalise(source, scales);
    if (!scaled.ok()) return scaled.status();
    auto spiking = spikingOf(scaled.value());
    if (!spiking.ok()) return spiking.status();
    graph = spiking.take();
    return {};
  }

  Result<Graph> spikingOf(const Graph& network) const {
    auto spiking = toSpiking(network, NeuronSpec());
    return spiking.ok() && maxPools ? withMaxPools(spiking.value(), *maxPools) : spiking;
  }

  Result<std::vector<double>> fromData(const Graph& source, Control& control) const {
    const auto maxima =
        layerMaxima(source, observations.view(), static_cast<std::size_t>(rows), control);
    if (!maxima.ok()) return maxima.status();
    return percentileScales(source, maxima.value(), method == Method::Data ? 1.0 : percentile);
  }
};

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
                      InstanceMethod("forwardSync", &GraphWrap::forwardSync),
                      InstanceMethod("convert", &GraphWrap::convert)});
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

Napi::Value GraphWrap::convert(const Napi::CallbackInfo& info) {
  const auto source = graphOf(info.This());
  Fields fields(info[0], "convert option");
  const Napi::Value observations =
      fields.required("observations", "a Float32Array or a Float64Array");
  auto conversion = std::make_shared<Conversion>(Conversion{
      RealInput<double>(observations, "calibration observations"), {}, 0.99, 0, {}, {}, {}});
  std::int64_t threads = 1;
  fields.choice("method", conversion->method, kMethodNames);
  fields.number("percentile", conversion->percentile);
  fields.choice("maxPool", conversion->maxPools, kMaxPoolsNames);
  fields.integer("rows", conversion->rows, 0, kMaxElements);
  fields.integer("threads", threads, 1, kMaxThreads);
  fields.finish();
  conversion->observations.own();

  const auto count = static_cast<std::size_t>(threads);
  auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(count), count);
  return startJob(
      info.Env(), control, [=] { return conversion->run(*source, *control); },
      [=](Napi::Env env) {
        Napi::Object result = Napi::Object::New(env);
        result.Set("graph", graphToJs(env, conversion->graph));
        result.Set("scale", toJs(env, conversion->scales));
        return result;
      });
}

}  // namespace spiq
