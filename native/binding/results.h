#pragma once

#include <napi.h>

#include "core/sim/anytime.h"
#include "core/sim/result.h"

namespace spiq {

// Everything of a result but `out`.
template <class Real>
Napi::Object recordToJs(Napi::Env env, const SimulationResult<Real>& result,
                        const RecordRequest& record);

template <class Real>
Napi::Value anytimeToJs(Napi::Env env, const AnytimeResult<Real>& seen);

}  // namespace spiq
