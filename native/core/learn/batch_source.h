#pragma once

#include "base/shape.h"
#include "core/replay/batch.h"

namespace spiq {

// Where sampled transitions come from, and their errors go.
class BatchSource {
 public:
  BatchSource() = default;
  BatchSource(const BatchSource&) = delete;
  BatchSource& operator=(const BatchSource&) = delete;
  virtual ~BatchSource() = default;

  // Whether `setPriorities` is of use.
  virtual bool prioritised() const = 0;
  virtual Status sample(std::size_t count, ReplayBatch& into) = 0;
  virtual Status setPriorities(View<const std::int64_t> indices, View<const float> errors) = 0;
};

}  // namespace spiq
