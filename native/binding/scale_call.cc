#include "binding/scale_call.h"

#include "binding/arrays.h"
#include "binding/errors.h"
#include "binding/fields.h"
#include "core/convert/methods/activation_percentile.h"
#include "core/convert/methods/published.h"
#include "core/convert/methods/threshold_balancing.h"
#include "core/plan/simulation_options.h"

namespace spiq {

std::vector<Scales> scalesFromJs(const Napi::Value& value) {
  if (!value.IsArray()) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "scales", "an array of Float64Arrays", describe(value)));
  }
  const auto array = value.As<Napi::Array>();
  std::vector<Scales> scales;
  for (std::uint32_t i = 0; i < array.Length(); ++i) {
    const RealInput<double> one(array.Get(i), "scales");
    scales.emplace_back(one.view().data, one.view().data + one.view().size);
  }
  return scales;
}

Napi::Array scalesToJs(Napi::Env env, const std::vector<Scales>& scales) {
  Napi::Array array = Napi::Array::New(env, scales.size());
  for (std::uint32_t i = 0; i < scales.size(); ++i) array.Set(i, toJs(env, scales[i]));
  return array;
}

const Names<MaxPools>& maxPoolsNames() {
  static const Names<MaxPools> names{{"gated", MaxPools::Gated},
                                     {"average", MaxPools::Average},
                                     {"before-neurons", MaxPools::BeforeNeurons}};
  return names;
}

ScaleCall::ScaleCall(const Napi::Value& options) {
  const Names<Method> methods{{"robust", Method::Robust},
                              {"model", Method::Model},
                              {"model-bound", Method::ModelBound},
                              {"percentile", Method::Percentile},
                              {"balance", Method::Balance}};
  const Names<Granularity> granularities{{"layer", Granularity::Layer},
                                         {"channel", Granularity::Channel}};
  Fields fields(options, "scale option");
  std::int64_t steps = options_.steps;
  std::int64_t burst = options_.burst;
  fields.choice("method", method_, methods);
  fields.number("percentile", options_.percentile);
  fields.choice("granularity", options_.granularity, granularities);
  fields.integer("steps", steps, 1, kMaxSteps);
  fields.integer("burst", burst, 1, kMaxBurst);
  fields.number("headroom", headroom_);
  fields.number("inputLow", range_.low);
  fields.number("inputHigh", range_.high);
  fields.finish();
  options_.steps = static_cast<int>(steps);
  options_.burst = static_cast<int>(burst);
}

Result<std::vector<Scales>> ScaleCall::run(const Graph& prepared,
                                           const Statistics& statistics) const {
  auto scales = found(prepared, statistics);
  if (!scales.ok() || headroom_ == 1) return scales;
  std::vector<Scales> wider = scales.take();
  for (std::size_t s = 0; s < wider.size(); ++s) {
    for (double& scale : wider[s])
      scale = cappedScale(statistics.sites()[s], scale * headroom_, options_.burst);
  }
  return wider;
}

Result<std::vector<Scales>> ScaleCall::found(const Graph& prepared,
                                             const Statistics& statistics) const {
  if (method_ == Method::Percentile) return activationPercentile(statistics, options_);
  if (method_ == Method::Balance) return thresholdBalancing(statistics, options_);
  const auto published = [&]() -> Result<std::vector<Scales>> {
    if (method_ == Method::Robust) return publishedRobust(statistics, options_.percentile);
    if (method_ == Method::Model) return publishedModel(prepared);
    return modelBound(prepared, range_);
  };
  Result<std::vector<Scales>> found = published();
  if (!found.ok()) return found;
  std::vector<Scales> scales = found.take();
  // These know of single spikes alone: several at once share what one would stand for.
  for (Scales& layer : scales) {
    for (double& scale : layer) scale /= options_.burst;
  }
  return scales;
}

}  // namespace spiq
