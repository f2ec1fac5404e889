#pragma once

#include <string>

#include <napi.h>

#include "binding/names.h"
#include "core/convert/max_pools.h"
#include "core/convert/methods/bound.h"

namespace spiq {

std::vector<Scales> scalesFromJs(const Napi::Value& value);
Napi::Array scalesToJs(Napi::Env env, const std::vector<Scales>& scales);

const Names<MaxPools>& maxPoolsNames();

// The choice of a method that finds scales, as JavaScript gives it.
class ScaleCall {
 public:
  explicit ScaleCall(const Napi::Value& options);
  Result<std::vector<Scales>> run(const Graph& prepared, const Statistics& statistics) const;

 private:
  Result<std::vector<Scales>> found(const Graph& prepared, const Statistics& statistics) const;

  enum class Method : std::uint8_t { Robust, Model, ModelBound, Percentile, Balance };

  Method method_ = Method::Robust;
  ScaleOptions options_;
  InputRange range_;
  double headroom_ = 1;
};

}  // namespace spiq
