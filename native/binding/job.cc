#include "binding/job.h"

#include <new>

#include "binding/addon_data.h"
#include "binding/errors.h"

namespace spiq {

Status guarded(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return mismatch(Code::Memory, "memory", "enough for this request", "none left");
  } catch (const std::length_error&) {
    return mismatch(Code::Memory, "memory", "a request of possible size", "one beyond all memory");
  } catch (const std::exception& error) {
    return mismatch(Code::Internal, "native work", "no exception", error.what());
  }
}

Job::Job(Napi::Env env, std::shared_ptr<JobControl> control, std::function<Status()> work,
         std::function<Napi::Value(Napi::Env)> finish, Leases leases)
    : deferred_(Napi::Promise::Deferred::New(env)),
      control_(std::move(control)),
      work_(std::move(work)),
      finish_(std::move(finish)),
      leases_(std::move(leases)) {}

void Job::execute() {
  status_ = guarded(work_);
}

void Job::settle(Napi::Env env) {
  leases_.clear();
  if (!status_.ok()) {
    deferred_.Reject(toError(env, status_).Value());
    return;
  }
  try {
    deferred_.Resolve(finish_(env));
  } catch (const Napi::Error& error) {
    deferred_.Reject(error.Value());
  }
}

Napi::Value startJob(Napi::Env env, const std::shared_ptr<JobControl>& control,
                     std::function<Status()> work, std::function<Napi::Value(Napi::Env)> finish,
                     Leases leases) {
  auto job =
      std::make_unique<Job>(env, control, std::move(work), std::move(finish), std::move(leases));
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("promise", job->promise());
  handle.Set("cancel", Napi::Function::New(env, [control](const Napi::CallbackInfo&) {
               control->cancelled = true;
             }));
  handle.Set("progress", Napi::Function::New(env, [control](const Napi::CallbackInfo& info) {
               Napi::Array pair = Napi::Array::New(info.Env(), 2);
               pair.Set(0U, static_cast<double>(control->done.load(std::memory_order_relaxed)));
               pair.Set(1U, static_cast<double>(control->total.load(std::memory_order_relaxed)));
               return pair;
             }));
  AddonData::of(env).jobs.start(env, std::move(job));
  return handle;
}

Napi::Value runNow(Napi::Env env, const std::function<Status()>& work,
                   const std::function<Napi::Value(Napi::Env)>& finish) {
  throwIfFailed(env, guarded(work));
  return finish(env);
}

}  // namespace spiq
