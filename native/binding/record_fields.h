#pragma once

#include "binding/fields.h"
#include "core/sim/anytime.h"
#include "core/sim/result.h"

namespace spiq {

// The parts of a call's options that say what to keep of it.
void readRecord(Fields& fields, RecordRequest& record);
void readAnytime(Fields& fields, AnytimeRequest& request);

}  // namespace spiq
