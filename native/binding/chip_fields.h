#pragma once

#include <napi.h>

#include "core/fixed/chip.h"

namespace spiq {

// A network for the chip as JavaScript gives it: { inputs, layers: [{ units, fires, dense or pre,
// post and value, bias, thresholds, initial, shifts }] }.
ChipSpec chipFromJs(const Napi::Value& value);

// What became of each layer: { shifts, connections, vanished, largestError, unaligned }.
Napi::Value chipToJs(Napi::Env env, const Chip& chip);

}  // namespace spiq
