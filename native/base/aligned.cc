#include "base/aligned.h"

#if defined(__linux__)
#include <sys/mman.h>
#endif

namespace spiq {

void preferLargePages(void* memory, std::size_t bytes) {
#if defined(__linux__)
  // A hint that may be refused: everything works the same without it.
  static_cast<void>(::madvise(memory, bytes, MADV_HUGEPAGE));
#else
  static_cast<void>(memory);
  static_cast<void>(bytes);
#endif
}

}  // namespace spiq
