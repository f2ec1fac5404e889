#pragma once

#include "binding/fields.h"
#include "core/graph/pool.h"
#include "core/plan/simulation_options.h"

namespace spiq {

// The spellings of architecture.md; ts/simulator.ts has the same lists for its types, and a test
// compares them. Those of nodes are the types of ts/graph.ts.
inline const Names<Semantics> kSemanticsNames{{"direct", Semantics::Direct},
                                              {"dsqn", Semantics::Dsqn}};
inline const Names<Reset> kResetNames{
    {"subtraction", Reset::Subtraction}, {"zero", Reset::Zero}, {"value", Reset::Value}};
inline const Names<PoolMode> kPoolModeNames{
    {"average", PoolMode::Average}, {"sum", PoolMode::Sum}, {"max", PoolMode::Max}};
inline const Names<MaxOfSpikes> kMaxOfSpikesNames{{"gated", MaxOfSpikes::Gated},
                                                  {"average", MaxOfSpikes::Average}};
inline const Names<Encoding> kEncodingNames{{"constant", Encoding::Constant},
                                            {"poisson", Encoding::Poisson},
                                            {"equidistant", Encoding::Equidistant},
                                            {"latency", Encoding::Latency},
                                            {"spikes", Encoding::Spikes}};
inline const Names<Decoding> kDecodingNames{{"potential", Decoding::Potential},
                                            {"spikes", Decoding::Spikes},
                                            {"first_spike", Decoding::FirstSpike},
                                            {"mean_potential", Decoding::MeanPotential},
                                            {"max_potential", Decoding::MaxPotential}};

enum class Precision { Float32, Float64 };
inline const Names<Precision> kPrecisionNames{{"float32", Precision::Float32},
                                              {"float64", Precision::Float64}};

constexpr std::int64_t kMaxThreads = 256;

template <class E>
const char* nameOf(E value, const Names<E>& names) {
  for (const auto& entry : names) {
    if (entry.second == value) return entry.first;
  }
  return "";
}

}  // namespace spiq
