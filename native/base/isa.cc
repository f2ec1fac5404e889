#include "base/isa.h"

namespace spiq {

const char* isaName(Isa isa) {
  switch (isa) {
    case Isa::Avx512:
      return "avx512";
    case Isa::Avx2:
      return "avx2";
    case Isa::Neon:
      return "neon";
    case Isa::Baseline:
      break;
  }
  return "baseline";
}

std::vector<Isa> availableIsas() {
  std::vector<Isa> isas{Isa::Baseline};
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) isas.push_back(Isa::Avx2);
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("fma")) {
    isas.push_back(Isa::Avx512);
  }
#elif defined(__aarch64__)
  isas.push_back(Isa::Neon);  // part of every such processor
#endif
  return isas;
}

Result<Isa> selectIsa(const std::string& name) {
  const std::vector<Isa> isas = availableIsas();
  if (name == "auto") return isas.back();
  std::string known = "auto";
  for (const Isa isa : isas) {
    if (name == isaName(isa)) return isa;
    known += std::string(", ") + isaName(isa);
  }
  return mismatch(Code::Argument, "instruction set", "one that this machine has (" + known + ")",
                  "'" + name + "'");
}

}  // namespace spiq
