#include "binding/results.h"

#include "binding/arrays.h"

namespace spiq {

namespace {

template <class Items, class ToJs>
Napi::Array listToJs(Napi::Env env, const Items& items, const ToJs& itemToJs) {
  Napi::Array list = Napi::Array::New(env, items.size());
  for (std::uint32_t i = 0; i < items.size(); ++i) list.Set(i, itemToJs(items[i]));
  return list;
}

template <class T>
Napi::Array arraysToJs(Napi::Env env, const std::vector<std::vector<T>>& arrays) {
  return listToJs(env, arrays, [&](const auto& values) { return toJs(env, values); });
}

Napi::Object rasterToJs(Napi::Env env, const Raster& raster) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("row", toJs(env, raster.rows));
  object.Set("step", toJs(env, raster.steps));
  object.Set("unit", toJs(env, raster.units));
  object.Set("count", toJs(env, raster.counts));
  return object;
}

Napi::Object operationsToJs(Napi::Env env, const Operations& operations) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("layers", listToJs(env, operations.layers, [&](const LayerOperations& layer) {
               Napi::Object one = Napi::Object::New(env);
               one.Set("name", layer.name);
               one.Set("accumulates", toJs(env, layer.accumulates));
               one.Set("multiplyAccumulates", toJs(env, layer.multiplyAccumulates));
               return one;
             }));
  object.Set("floatMultiplyAccumulates", operations.floatMultiplyAccumulates);
  return object;
}

template <class Real>
Napi::Object traceToJs(Napi::Env env, const LayerTrace<Real>& trace) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("potential", toJs(env, trace.potential));
  object.Set("current", toJs(env, trace.current));
  object.Set("spikes", toJs(env, trace.spikes));
  return object;
}

}  // namespace

template <class Real>
Napi::Object recordToJs(Napi::Env env, const SimulationResult<Real>& result,
                        const RecordRequest& record) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("steps", toJs(env, result.steps));
  object.Set("totalSpikes", toJs(env, result.totalSpikes));
  if (record.counts) object.Set("counts", arraysToJs(env, result.counts));
  if (record.trace) {
    object.Set("traces", listToJs(env, result.traces, [&](const LayerTrace<Real>& trace) {
                 return traceToJs(env, trace);
               }));
  }
  if (record.activity) object.Set("activity", arraysToJs(env, result.activity));
  if (record.operations) object.Set("operations", operationsToJs(env, result.operations));
  if (record.output) {
    object.Set("outputSpikes", toJs(env, result.outputSpikes));
    object.Set("outputLayer", static_cast<double>(result.outputLayer));
  }
  if (record.output || !record.potentials.empty())
    object.Set("potentials", arraysToJs(env, result.potentials));
  if (!record.rasters.empty()) {
    object.Set("rasters", listToJs(env, result.rasters,
                                   [&](const Raster& raster) { return rasterToJs(env, raster); }));
  }
  return object;
}

template <class Real>
Napi::Value anytimeToJs(Napi::Env env, const AnytimeResult<Real>& seen) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("out", toJs(env, seen.out));
  object.Set("exitOut", toJs(env, seen.exitOut));
  object.Set("exitSteps", toJs(env, seen.exitSteps));
  object.Set("exitActions", toJs(env, seen.exitActions));
  object.Set("lastActions", toJs(env, seen.lastActions));
  return object;
}

template Napi::Object recordToJs<float>(Napi::Env, const SimulationResult<float>&,
                                        const RecordRequest&);
template Napi::Object recordToJs<double>(Napi::Env, const SimulationResult<double>&,
                                         const RecordRequest&);
template Napi::Value anytimeToJs<float>(Napi::Env, const AnytimeResult<float>&);
template Napi::Value anytimeToJs<double>(Napi::Env, const AnytimeResult<double>&);

}  // namespace spiq
