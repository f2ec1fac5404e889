#pragma once

#include <string>

#include <napi.h>

#include "core/convert/methods/bound.h"

namespace spiq {

// The choice of a method that finds scales, as JavaScript gives it.
class ScaleCall {
 public:
  explicit ScaleCall(const Napi::Value& options);
  Result<std::vector<Scales>> run(const Graph& prepared, const Statistics& statistics) const;

 private:
  enum class Method : std::uint8_t { Robust, Model, ModelBound, Percentile, Balance };

  Method method_ = Method::Robust;
  ScaleOptions options_;
  InputRange range_;
};

}  // namespace spiq
