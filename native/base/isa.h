#pragma once

#include <string>
#include <vector>

#include "base/status.h"

namespace spiq {

// Instruction sets that the CPU back end has kernels for, weakest first. All give the same spikes.
enum class Isa { Baseline, Avx2, Avx512, Neon };

const char* isaName(Isa isa);

// Those this machine can run, weakest first; never empty.
std::vector<Isa> availableIsas();

// "auto" is the strongest; another name is that set, or an error where the machine lacks it.
Result<Isa> selectIsa(const std::string& name);

}  // namespace spiq
