#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include <napi.h>

#include "core/sim/float_pass.h"

namespace spiq {

// A graph's forward passes, compiled when first asked for: one for each precision and instruction
// set.
class ForwardPasses {
 public:
  explicit ForwardPasses(std::shared_ptr<const Graph> graph) : graph_(std::move(graph)) {}

  template <class Real>
  Result<std::shared_ptr<const FloatPass<Real>>> get(const std::string& device,
                                                     const std::string& isa);

 private:
  template <class Real>
  using Passes =
      std::map<std::pair<std::string, std::string>, std::shared_ptr<const FloatPass<Real>>>;
  template <class Real>
  Passes<Real>& passes();

  std::shared_ptr<const Graph> graph_;
  std::mutex mutex_;
  Passes<float> floats_;
  Passes<double> doubles_;
};

// forward(observations, options) of a graph; `now`: on this thread.
Napi::Value forward(const Napi::CallbackInfo& info, const std::shared_ptr<ForwardPasses>& passes,
                    bool now);

}  // namespace spiq
