#include "backend/registry.h"

#include "backend/cpu/cpu_backend.h"

namespace spiq {

template <class Real>
Result<const Backend<Real>*> findBackend(const std::string& device, const std::string& isa) {
  if (device != "cpu") return mismatch(Code::Argument, "device", "'cpu'", "'" + device + "'");
  const Result<Isa> selected = selectIsa(isa);
  if (!selected.ok()) return selected.status();
  return &cpuBackend<Real>(selected.value());
}

template Result<const Backend<float>*> findBackend<float>(const std::string&, const std::string&);
template Result<const Backend<double>*> findBackend<double>(const std::string&, const std::string&);

Result<const FrameKernels*> findFrameKernels(const std::string& isa) {
  const Result<Isa> selected = selectIsa(isa);
  if (!selected.ok()) return selected.status();
  return &cpuFrameKernels(selected.value());
}

}  // namespace spiq
