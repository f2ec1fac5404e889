#pragma once

#include "backend/backend.h"
#include "base/isa.h"

namespace spiq {

template <class Real>
const Backend<Real>& cpuBackend(Isa isa);

}  // namespace spiq
