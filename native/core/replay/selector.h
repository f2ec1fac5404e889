#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "base/status.h"
#include "core/replay/drawable_rows.h"
#include "core/replay/generator.h"
#include "core/replay/options.h"

namespace spiq {

// What was drawn, in the order of drawing.
struct Drawn {
  std::vector<RowSlot> slots;
  std::vector<double> probabilities;  // of each draw
  std::vector<float> weights;
};

// Chooses among the transitions that can be drawn. One call at a time.
class Selector {
 public:
  virtual ~Selector() = default;
  virtual void admit(RowSlot slot) = 0;
  virtual void retire(RowSlot slot) = 0;
  // `count` draws; there is something to draw.
  virtual Status draw(std::size_t count, const DrawableRows& drawable, ReplayGenerator& generator,
                      Drawn& into) = 0;
  // Of a draw that is next.
  virtual double probability(RowSlot slot, const DrawableRows& drawable) const = 0;
};

std::unique_ptr<Selector> makeUniform(bool replacement);

}  // namespace spiq
