#pragma once

#include <map>

#include "core/plan/plan.h"

namespace spiq {

// Values that one observation may take up; more is a mistake in some shape.
constexpr std::int64_t kMaxValueUnits = std::int64_t{1} << 28;

inline Status checkSize(const Layout& layout, std::int64_t taps, const Node& node) {
  if (layout.size() <= kMaxValueUnits && layout.positions * taps <= kMaxValueUnits) return {};
  return mismatch(Code::Memory, "output of " + node.label(),
                  "at most " + std::to_string(kMaxValueUnits) + " values",
                  std::to_string(layout.size()));
}

// Turns an arrangement into operations, a place at a time.
template <class Real>
class Compiler {
 public:
  // Without options: the float network.
  Compiler(const Arrangement& order, const SimulationOptions* options, double epsilon)
      : order_(order), options_(options), epsilon_(epsilon) {}

  Result<Plan<Real>> compile();

 private:
  // C++17 asks for it. NOLINTNEXTLINE(readability-redundant-typename)
  using Source = typename Operation<Real>::Source;

  Status place(std::size_t index);
  Status linear(std::size_t index);
  Status neuron(std::size_t index);
  Status pool(std::size_t index, const PoolNode& node);
  Status relu(std::size_t index, const ReluNode& node);
  void scale(std::size_t index, const ScaleNode& node);
  void input(std::size_t index);
  void rearrange(std::size_t index);
  void add(std::size_t index);
  void markWeighted(std::size_t index);
  void fuse();
  void tighten();

  std::vector<Source> sourcesOf(std::size_t index) const;
  const Value& sourceOf(std::size_t index) const;
  const Shape& shapeOf(std::size_t index) const { return order_.places[index].shape; }
  const Shape& shapeOfSource(std::size_t index) const {
    return shapeOf(order_.places[index].sources.front().place);
  }
  // Adds an operation whose result is what place `index` gives.
  void make(std::size_t index, Body<Real> body, Value value);

  const Arrangement& order_;
  const SimulationOptions* options_;
  double epsilon_;
  Plan<Real> plan_;
  std::vector<std::size_t> valueOf_;  // of each place
};

}  // namespace spiq
