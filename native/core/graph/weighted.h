#pragma once

#include <type_traits>

#include "core/graph/graph.h"

namespace spiq {

template <class Body>
inline constexpr bool kIsWeighted =
    std::is_same_v<Body, DenseNode> || std::is_same_v<Body, ConvNode> ||
    std::is_same_v<Body, ConvTransposeNode>;

// Calls `use` with the body of a node that has weights (its `weight` and `bias`); false for others.
template <class AnyNode, class Use>
bool withWeights(AnyNode& node, const Use& use) {
  return std::visit(
      [&](auto& body) {
        if constexpr (kIsWeighted<std::decay_t<decltype(body)>>) {
          use(body);
          return true;
        } else {
          return false;
        }
      },
      node.body);
}

inline bool isWeighted(const Node& node) {
  return withWeights(node, [](const auto& /*body*/) {});
}

// Which output and which input (units of a dense node, channels otherwise) an element of the weight
// tensor joins.
class Wiring {
 public:
  struct Pair {
    std::size_t output;
    std::size_t input;
  };

  template <class Body>
  explicit Wiring(const Body& body)
      : transposed_(std::is_same_v<Body, ConvTransposeNode>),
        columns_(static_cast<std::size_t>(body.weight.shape[1])) {
    const auto rows = static_cast<std::size_t>(body.weight.shape[0]);
    kernel_ = body.weight.data.size() / (rows * columns_);
    rowsInGroup_ = rows;
    if constexpr (!std::is_same_v<Body, DenseNode>)
      rowsInGroup_ /= static_cast<std::size_t>(body.groups);
  }

  Pair at(std::size_t element) const {
    const std::size_t row = element / kernel_ / columns_;
    const std::size_t column = row / rowsInGroup_ * columns_ + element / kernel_ % columns_;
    return transposed_ ? Pair{column, row} : Pair{row, column};
  }

 private:
  bool transposed_;
  std::size_t columns_;
  std::size_t kernel_;  // elements
  std::size_t rowsInGroup_;
};

}  // namespace spiq
