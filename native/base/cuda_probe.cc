#include "base/cuda_probe.h"

#include <memory>

#include <dlfcn.h>

namespace spiq {

namespace {

// Signatures of the CUDA driver API (cuda.h).
using CuInit = int (*)(unsigned);
using CuDeviceGetCount = int (*)(int*);
using CuDeviceGetName = int (*)(char*, int, int);

}  // namespace

CudaProbe probeCuda() {
  const auto close = [](void* handle) { dlclose(handle); };
  const std::unique_ptr<void, decltype(close)> driver(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL),
                                                      close);
  if (!driver) return {0, "no NVIDIA driver found (libcuda.so.1)"};
  const auto init = reinterpret_cast<CuInit>(dlsym(driver.get(), "cuInit"));
  const auto getCount = reinterpret_cast<CuDeviceGetCount>(dlsym(driver.get(), "cuDeviceGetCount"));
  const auto getName = reinterpret_cast<CuDeviceGetName>(dlsym(driver.get(), "cuDeviceGetName"));
  if (init == nullptr || getCount == nullptr || getName == nullptr)
    return {0, "libcuda.so.1 lacks the driver API"};
  if (const int code = init(0); code != 0)
    return {0, "the NVIDIA driver refuses to start (code " + std::to_string(code) + ")"};
  CudaProbe probe;
  char name[128] = "";
  if (getCount(&probe.devices) != 0 || probe.devices == 0)
    return {0, "the NVIDIA driver sees no device"};
  if (getName(name, sizeof name, 0) == 0) probe.note = name;
  return probe;
}

}  // namespace spiq
