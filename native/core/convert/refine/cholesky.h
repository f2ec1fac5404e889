#pragma once

#include <cstddef>
#include <vector>

namespace spiq {

// Solves A X = B for a symmetric positive definite A of n rows (its lower triangle is read) and
// `columns` right-hand sides, both row-major, by A = L L' (Cholesky). B becomes X and A's lower
// triangle L; false, and neither of use, where A is not positive definite in double.
bool solveCholesky(std::vector<double>& a, std::size_t n, std::vector<double>& b,
                   std::size_t columns);

}  // namespace spiq
