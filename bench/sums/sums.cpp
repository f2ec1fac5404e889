// The two ways to add the weights of spikes, on the second layer of the Nature network (20x20x32 to 9x9x64, kernel 4,
// stride 2), 25 steps of a word: nanoseconds for a spike and the 64 weights it meets, by activity and instruction set.
// Many different sets of spikes take turns, as a branch predictor would learn a few.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <random>
#include <vector>

#include "backend/registry.h"
#include "base/isa.h"
#include "core/plan/linear_data.h"

namespace {

using namespace spiq;

constexpr int steps = 25;
constexpr int sets = 24;
constexpr int rounds = 5;

// A neuron with constant input fires at a rate of its own; rates are uniform up to twice the activity.
std::vector<std::uint32_t> spikes(std::int64_t units, double activity, std::mt19937& random) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::vector<std::uint32_t> masks(static_cast<std::size_t>(units));
  for (std::uint32_t& mask : masks) {
    const double rate = 2 * activity * uniform(random);
    double potential = uniform(random);
    for (int step = 0; step < steps; ++step) {
      potential += rate;
      if (potential < 1) continue;
      potential -= 1;
      mask |= std::uint32_t{1} << step;
    }
  }
  return masks;
}

struct Lists {
  std::vector<std::vector<std::uint32_t>> units, starts;
  std::vector<std::vector<std::uint8_t>> fired;
  std::vector<StepLists> lines;

  void make(const Backend<float>& backend, const Layout& in, const std::vector<std::uint32_t>& masks) {
    const auto count = static_cast<std::size_t>(in.lines());
    const std::int64_t lineUnits = in.size() / in.lines();
    units.resize(count);
    starts.resize(count);
    fired.resize(count);
    lines.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t* line = masks.data() + static_cast<std::int64_t>(i) * lineUnits;
      fired[i].resize(static_cast<std::size_t>(lineUnits / 32));
      lines[i] = {32, lineUnits / 32, fired[i].data(), 0, 0, nullptr, nullptr};
      backend.count(line, lines[i]);
      units[i].resize(static_cast<std::size_t>(lines[i].spikes + kUnitPadding));
      starts[i].resize(static_cast<std::size_t>(steps * (lineUnits / 32 + 1)));
      lines[i].units = units[i].data();
      lines[i].starts = starts[i].data();
      backend.list(line, steps, lines[i]);
    }
  }
};

template <class Body>
double seconds(const Body& body) {
  double best = 1e9;
  for (int round = 0; round < rounds; ++round) {
    const auto begin = std::chrono::steady_clock::now();
    body();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    best = std::min(best, took.count());
  }
  return best;
}

void measure(const Backend<float>& backend, const char* isa, const LinearData<float>& layer, double activity) {
  std::mt19937 random(1);
  std::vector<std::vector<std::uint32_t>> inputs;
  double met = 0;
  for (int set = 0; set < sets; ++set) {
    inputs.push_back(spikes(layer.in().size(), activity, random));
    for (const std::int32_t source : layer.taps()) {
      for (std::int64_t channel = 0; channel < layer.in().stride; ++channel)
        met += __builtin_popcount(inputs.back()[static_cast<std::size_t>(source * layer.in().stride + channel)]);
    }
  }
  AlignedVector<float> sums(kWordSteps * kTileUnits);
  const auto each = [&](const auto& begin, const auto& add) {
    return seconds([&] {
      for (const auto& masks : inputs) {
        begin(masks);
        for (std::int64_t position = 0; position < layer.out().positions; ++position) add(masks, position);
      }
    });
  };
  const double byUnit = each([](const auto&) {}, [&](const auto& masks, std::int64_t position) {
    const SpikeCell cell{layer.sources(position), {masks.data(), layer.in().size(), 1, 1}, 0};
    backend.accumulate(layer.view(), 0, &cell, 1, steps, sums.data(), kTileUnits);
  });
  Lists lists;
  const double byStep = each([&](const auto& masks) { lists.make(backend, layer.in(), masks); },
                             [&](const auto&, std::int64_t position) {
                               backend.accumulateLists(layer.view(), 0, layer.sources(position), lists.lines.data(),
                                                       steps, sums.data(), kTileUnits);
                             });
  const double making = each([&](const auto& masks) { lists.make(backend, layer.in(), masks); },
                             [](const auto&, std::int64_t) {});
  std::printf("%-9s %8.2f %14.2f %14.2f %14.2f %7.2f\n", isa, activity, 1e9 * byUnit / met, 1e9 * byStep / met,
              1e9 * making / met, byUnit / byStep);
}

}  // namespace

int main() {
  ConvNode node;
  node.weight.shape = {64, 32, 4, 4};
  node.weight.data.resize(64 * 32 * 16);
  std::mt19937 random(2);
  std::uniform_real_distribution<float> uniform(-1, 1);
  for (float& weight : node.weight.data) weight = uniform(random);
  node.stride = {2, 2};
  const LinearData<float> layer(node, {32, 20, 20}, {64, 9, 9});
  std::printf("%-9s %8s %14s %14s %14s %7s\n", "", "activity", "by unit, ns", "by step, ns", "(lists), ns", "ratio");
  for (const Isa isa : availableIsas()) {
    const auto backend = findBackend<float>("cpu", isaName(isa));
    for (const double activity : {0.01, 0.03, 0.05, 0.1, 0.15, 0.3, 0.6})
      measure(*backend.value(), isaName(isa), layer, activity);
  }
}
