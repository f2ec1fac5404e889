#include "binding/job.h"

#include <new>

#include "binding/errors.h"

namespace spiq {

namespace {

// No C++ exception may cross into Node.
Status guarded(const std::function<Status()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return mismatch(Code::Memory, "memory", "enough for this request", "none left");
  } catch (const std::exception& error) {
    return mismatch(Code::Internal, "native work", "no exception", error.what());
  }
}

class Job final : public Napi::AsyncWorker {
 public:
  Job(Napi::Env env, std::shared_ptr<JobControl> control, std::function<Status()> work,
      std::function<Napi::Value(Napi::Env)> finish, Leases leases)
      : Napi::AsyncWorker(env, "spiq"),
        deferred(Napi::Promise::Deferred::New(env)),
        control_(std::move(control)),
        work_(std::move(work)),
        finish_(std::move(finish)),
        leases_(std::move(leases)) {
    AddonData::of(env).running.insert(control_.get());
  }

  void Execute() override { status_ = guarded(work_); }

  void OnOK() override {
    const Napi::Env env = Env();
    AddonData::of(env).running.erase(control_.get());
    leases_.clear();
    if (!status_.ok()) {
      deferred.Reject(toError(env, status_).Value());
      return;
    }
    try {
      deferred.Resolve(finish_(env));
    } catch (const Napi::Error& error) {
      deferred.Reject(error.Value());
    }
  }

  Napi::Promise::Deferred deferred;

 private:
  std::shared_ptr<JobControl> control_;
  std::function<Status()> work_;
  std::function<Napi::Value(Napi::Env)> finish_;
  Leases leases_;
  Status status_;
};

}  // namespace

Napi::Value startJob(Napi::Env env, const std::shared_ptr<JobControl>& control,
                     std::function<Status()> work, std::function<Napi::Value(Napi::Env)> finish,
                     Leases leases) {
  auto* job = new Job(env, control, std::move(work), std::move(finish),
                      std::move(leases));  // deletes itself
  Napi::Object handle = Napi::Object::New(env);
  handle.Set("promise", job->deferred.Promise());
  handle.Set("cancel", Napi::Function::New(env, [control](const Napi::CallbackInfo&) {
               control->cancelled = true;
             }));
  handle.Set("progress", Napi::Function::New(env, [control](const Napi::CallbackInfo& info) {
               Napi::Array pair = Napi::Array::New(info.Env(), 2);
               pair.Set(0U, static_cast<double>(control->done.load(std::memory_order_relaxed)));
               pair.Set(1U, static_cast<double>(control->total.load(std::memory_order_relaxed)));
               return pair;
             }));
  job->Queue();
  return handle;
}

Napi::Value runNow(Napi::Env env, const std::function<Status()>& work,
                   const std::function<Napi::Value(Napi::Env)>& finish) {
  throwIfFailed(env, guarded(work));
  return finish(env);
}

}  // namespace spiq
