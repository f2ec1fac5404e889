#pragma once
#include "product.h"
#include "thread_pool.h"
#include "tiles.h"

namespace products {

// Every element of c is one chain of multiply-adds in ascending depth: the result is the same bit
// for bit for every thread count, batch size, blocking and orientation, and for every level with
// fused steps.
void multiply(const Product& product, const Level& level, ThreadPool& pool);

}  // namespace products
