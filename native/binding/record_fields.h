#pragma once

#include "binding/fields.h"
#include "core/sim/anytime.h"
#include "core/sim/result.h"

namespace spiq {

// The parts of a call's options that say what to keep of it; undefined asks for nothing.
void readRecord(const Napi::Value& value, RecordRequest& record);
void readAnytime(const Napi::Value& value, AnytimeRequest& request);

}  // namespace spiq
