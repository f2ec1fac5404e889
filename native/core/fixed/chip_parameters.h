#pragma once

#include <string>

#include "core/fixed/chip.h"

namespace spiq {

// Sizes that fit and numbers that are finite.
Status checkChip(const ChipSpec& spec);

// "layer 1", for errors.
std::string chipLayerName(std::size_t layer);

// A layer's parameters in s16.15; one that has no place there is refused.
Result<ChipLayer> chipParameters(const ChipLayerSpec& spec, std::size_t layer);

}  // namespace spiq
