#include "binding/refine_call.h"

#include "binding/arrays.h"
#include "binding/errors.h"
#include "binding/fields.h"
#include "binding/scale_call.h"

namespace spiq {

RefineCall::RefineCall(const Napi::Value& rows, const Napi::Value& options, const Graph& prepared) {
  const Names<Refinement> methods{{"bias-shift", Refinement::BiasShift},
                                  {"potentials", Refinement::Potentials},
                                  {"refit", Refinement::Refit},
                                  {"tuned", Refinement::Tune}};
  const RealInput<double> values(rows, "calibration rows");
  rows_.width = static_cast<std::size_t>(takeOrThrow(rows.Env(), arrange(prepared)).inputSize());
  rows_.values.assign(values.view().data, values.view().data + values.view().size);

  Fields fields(options, "refine option");
  std::int64_t burst = 1;
  std::int64_t threads = 1;
  fields.choice("method", method_, methods);
  scales_ = scalesFromJs(fields.required("scales", "an array of Float64Arrays"));
  fields.number("initial", neurons_.initial);
  fields.integer("burst", burst, 1, kMaxBurst);
  fields.integer("steps", steps_, 1, kMaxSteps);
  fields.integer("threads", threads, 1, kMaxThreads);
  fields.choice("maxPool", maxPools_, maxPoolsNames());
  fields.finish();
  neurons_.burst = static_cast<int>(burst);
  threads_ = static_cast<std::size_t>(threads);
}

Status RefineCall::run(const Graph& prepared, Control& control) {
  if (rows_.count() == 0 || rows_.values.size() != rows_.count() * rows_.width) {
    return mismatch(Code::Shape, "calibration rows",
                    "at least one row of " + std::to_string(rows_.width) + " values",
                    std::to_string(rows_.values.size()) + " values");
  }
  auto refined =
      refine(method_, {prepared, scales_, neurons_, maxPools_, rows_}, {steps_, control});
  if (!refined.ok()) return refined.status();
  refined_ = refined.take();
  return {};
}

}  // namespace spiq
