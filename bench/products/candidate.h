#pragma once
#include <functional>
#include <string>

namespace products {

// Row-major float32 matrices as BLAS takes them; a transposed operand is stored transposed.
struct Case {
  bool transposeA, transposeB;
  int rows, depth, columns;
  int aStride() const { return transposeA ? rows : depth; }
  int bStride() const { return transposeB ? depth : columns; }
};

using Multiply = std::function<void(const Case&, const float* a, const float* b, float* c)>;

// kind: own (library = instruction level), cblas (symbols may carry `prefix`), mkl, onednn.
// Throws std::runtime_error with the reason where the candidate cannot run here.
Multiply openCandidate(const std::string& kind, const std::string& library,
                       const std::string& prefix, int threads);

}  // namespace products
