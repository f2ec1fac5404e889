#include "binding/forward.h"

#include "backend/registry.h"
#include "binding/addon_data.h"
#include "binding/arrays.h"
#include "binding/job.h"
#include "binding/names.h"

namespace spiq {

template <>
ForwardPasses::Passes<float>& ForwardPasses::passes<float>() {
  return floats_;
}
template <>
ForwardPasses::Passes<double>& ForwardPasses::passes<double>() {
  return doubles_;
}

template <class Real>
Result<std::shared_ptr<const FloatPass<Real>>> ForwardPasses::get(const std::string& device,
                                                                  const std::string& isa) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::shared_ptr<const FloatPass<Real>>& pass = passes<Real>()[{device, isa}];
  if (pass != nullptr) return pass;
  const auto backend = findBackend<Real>(device, isa);
  if (!backend.ok()) return backend.status();
  auto compiled = FloatPass<Real>::compile(*graph_, *backend.value());
  if (!compiled.ok()) return compiled.status();
  pass = std::make_shared<const FloatPass<Real>>(compiled.take());
  return pass;
}

namespace {

struct ForwardCall {
  std::int64_t rows = 1;
  std::int64_t threads = 1;
  Precision precision = Precision::Float32;
  std::string isa = "auto";
  std::string device = "cpu";

  explicit ForwardCall(const Napi::Value& options) {
    Fields fields(options, "forward option");
    fields.integer("rows", rows, 1, kMaxElements);
    fields.integer("threads", threads, 1, kMaxThreads);
    fields.choice("precision", precision, kPrecisionNames);
    fields.text("isa", isa);
    fields.text("device", device);
    fields.finish();
  }
};

// The work of a forward call and the buffers that it fills; kept by both closures of the job.
template <class Real>
struct Forward {
  RealInput<Real> input;
  std::vector<Real> output;

  Status run(ForwardPasses& passes, const ForwardCall& call, Control& control) {
    const auto found = passes.get<Real>(call.device, call.isa);
    if (!found.ok()) return found.status();
    const FloatPass<Real>& pass = *found.value();
    const auto rows = static_cast<std::size_t>(call.rows);
    if (input.view().size != rows * static_cast<std::size_t>(pass.inputs())) {
      return mismatch(
          Code::Shape, "observations",
          std::to_string(rows) + " rows of " + std::to_string(pass.inputs()) + " values",
          std::to_string(input.view().size) + " values");
    }
    output.resize(rows * static_cast<std::size_t>(pass.outputs()));
    return pass.run(input.view(), rows, output.data(), nullptr, control);
  }
};

template <class Real>
Napi::Value forwardAs(const Napi::CallbackInfo& info, const std::shared_ptr<ForwardPasses>& passes,
                      const ForwardCall& call, bool now) {
  auto forward =
      std::make_shared<Forward<Real>>(Forward<Real>{RealInput<Real>(info[0], "observations"), {}});
  const auto threads = static_cast<std::size_t>(call.threads);
  auto control = std::make_shared<JobControl>(AddonData::of(info.Env()).pool(threads), threads);
  const auto work = [=] { return forward->run(*passes, call, *control); };
  const auto finish = [=](Napi::Env env) { return toJs(env, forward->output); };
  if (now) return runNow(info.Env(), work, finish);
  forward->input.own();
  return startJob(info.Env(), control, work, finish);
}

}  // namespace

Napi::Value forward(const Napi::CallbackInfo& info, const std::shared_ptr<ForwardPasses>& passes,
                    bool now) {
  const ForwardCall call(info[1]);
  return call.precision == Precision::Float32 ? forwardAs<float>(info, passes, call, now)
                                              : forwardAs<double>(info, passes, call, now);
}

}  // namespace spiq
