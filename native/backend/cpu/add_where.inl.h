// For layer_kernels.inl.h where no instruction adds to some lanes alone.
#include "base/lane.h"

namespace spiq {
namespace {

// sum + value where the word has the bit. Elsewhere 0 is added, which changes no sum: none is -0,
// as each began with 0.
template <class Words, class L>
inline L addWhere(Words words, Words bit, L value, L sum) {
  return sum + lane::select((words & bit) == bit, value, L{});
}

}  // namespace
}  // namespace spiq
