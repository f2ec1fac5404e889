#pragma once

#include "core/plan/plan.h"

namespace spiq {

// A number that two plans share if they compute the same: of weights, parameters, geometry and the
// options that matter. It is the same on every machine.
template <class Real>
std::uint64_t fingerprint(const Plan<Real>& plan, const SimulationOptions& options);

// FNV-1a, 64 bit (Fowler, Noll, Vo), a step for every 8 bytes and the rest.
std::uint64_t hashBytes(const void* bytes, std::size_t size, std::uint64_t hash);

constexpr std::uint64_t kHashStart = 0xcbf29ce484222325;  // FNV's offset basis

}  // namespace spiq
