#pragma once

#include <string>

namespace spiq {

struct CudaProbe {
  int devices = 0;
  std::string note;  // the first device's name, or why there is none
};

// Asks the driver, if one is installed, without linking against it.
CudaProbe probeCuda();

}  // namespace spiq
