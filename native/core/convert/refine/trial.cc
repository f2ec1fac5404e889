#include "core/convert/refine/trial.h"

#include <algorithm>
#include <set>

#include "backend/registry.h"
#include "core/convert/sites.h"
#include "core/sim/float_pass.h"
#include "core/sim/simulate.h"

namespace spiq {

namespace {

// The nodes that lead to one, which becomes the output.
Graph upTo(const Graph& graph, const std::string& output) {
  std::set<std::string> kept{output};
  for (std::size_t before = 0; before != kept.size();) {
    before = kept.size();
    for (const Edge& edge : graph.edges) {
      if (kept.count(edge.to) > 0) kept.insert(edge.from);
    }
  }
  Graph part;
  part.epsilon = graph.epsilon;
  part.outputs = {output};
  for (const Node& node : graph.nodes) {
    if (kept.count(node.name) > 0) part.nodes.push_back(node);
  }
  for (const Edge& edge : graph.edges) {
    if (kept.count(edge.to) > 0) part.edges.push_back(edge);
  }
  return part;
}

Result<SimulationResult<float>> simulate(const Graph& graph, const Trial& trial, Decoding decoding,
                                         View<const float> observations, std::size_t rows,
                                         bool counts) {
  SimulationOptions options;
  options.steps = trial.steps;
  options.decoding = decoding;
  const auto backend = findBackend<float>("cpu", "auto");
  if (!backend.ok()) return backend.status();
  auto simulation = Simulation<float>::make(graph, options, *backend.value());
  if (!simulation.ok()) return simulation.status();
  SimulationInput<float> input;
  input.observations = observations;
  input.rows = rows;
  RecordRequest record;
  record.totals = false;
  record.counts = counts;
  return simulation.value()->run(input, record, trial.control);
}

Result<std::vector<double>> decodedPerStep(const Graph& graph, const Trial& trial,
                                           Decoding decoding, const CalibrationRows& rows) {
  const std::vector<float> observations(rows.values.begin(), rows.values.end());
  auto result = simulate(graph, trial, decoding, {observations.data(), observations.size()},
                         rows.count(), false);
  if (!result.ok()) return result.status();
  std::vector<double> out(result.value().out.begin(), result.value().out.end());
  for (double& value : out) value /= static_cast<double>(trial.steps);
  return out;
}

}  // namespace

std::vector<std::size_t> everyOther(std::size_t rows, std::size_t first, std::size_t stride,
                                    std::size_t most) {
  std::vector<std::size_t> taken;
  for (std::size_t row = first; row < rows && taken.size() < most; row += stride)
    taken.push_back(row);
  return taken;
}

Result<std::vector<std::vector<double>>> Trial::activations(const Graph& prepared,
                                                            const CalibrationRows& rows) const {
  const auto arrangement = arrange(prepared);
  if (!arrangement.ok()) return arrangement.status();
  const auto backend = findBackend<double>("cpu", "auto");
  if (!backend.ok()) return backend.status();
  const auto pass = FloatPass<double>::compile(prepared, *backend.value());
  if (!pass.ok()) return pass.status();
  std::vector<std::vector<double>> all;
  for (const Site& site : sitesOf(arrangement.value()))
    all.emplace_back(rows.count() * static_cast<std::size_t>(site.units));
  const auto observe = [&](std::size_t row, std::size_t site, View<const double> values) {
    std::copy_n(values.data, values.size, &all[site][row * values.size]);
  };
  const Status status = pass.value().run(rows.view(), rows.count(), nullptr, observe, control);
  if (!status.ok()) return status;
  return all;
}

Result<std::vector<double>> Trial::rates(const Graph& spiking, const std::string& neurons,
                                         const CalibrationRows& rows) const {
  return decodedPerStep(upTo(spiking, neurons), *this, Decoding::Spikes, rows);
}

Result<std::vector<double>> Trial::outputs(const Graph& spiking,
                                           const CalibrationRows& rows) const {
  return decodedPerStep(spiking, *this, Decoding::Potential, rows);
}

Result<std::vector<std::vector<float>>> Trial::all(const Graph& spiking,
                                                   const std::vector<float>& observations,
                                                   std::size_t rows) const {
  auto result = simulate(spiking, *this, Decoding::Potential,
                         {observations.data(), observations.size()}, rows, true);
  if (!result.ok()) return result.status();
  std::vector<std::vector<float>> layers;
  for (const auto& counts : result.value().counts)
    layers.emplace_back(counts.begin(), counts.end());
  layers.push_back(std::move(result.value().out));
  for (auto& layer : layers) {
    for (float& value : layer) value /= static_cast<float>(steps);
  }
  return layers;
}

double similarity(const std::vector<double>& outputs, const std::vector<double>& wanted,
                  std::size_t width) {
  const std::size_t rows = wanted.size() / width;
  double sum = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    const double* ours = &outputs[row * width];
    const double* theirs = &wanted[row * width];
    if (width == 1) {
      sum -= (*ours - *theirs) * (*ours - *theirs);
    } else if (std::max_element(ours, ours + width) - ours ==
               std::max_element(theirs, theirs + width) - theirs) {
      sum += 1;
    }
  }
  return sum / static_cast<double>(rows);
}

}  // namespace spiq
