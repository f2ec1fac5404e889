#include "core/convert/refine/mean_error.h"

namespace spiq {

namespace {

// A neuron's rate is no linear function of its bias: what is left is shifted again. The read-out's
// is.
int roundsAt(const Site& site) {
  return site.readout ? 1 : 3;
}

template <class Correct>
Status correctSite(Draft& draft, std::size_t site, const std::vector<double>& activations,
                   const CalibrationRows& rows, const Trial& trial, const Correct& correct) {
  if (!draft.isCompared(site)) return {};
  for (int round = 0; round < roundsAt(draft.sites[site]); ++round) {
    const auto errors = meanErrors(draft, site, activations, rows, trial);
    if (!errors.ok()) return errors.status();
    correct(errors.value());
  }
  return {};
}

}  // namespace

int meanErrorRuns(const std::vector<Site>& sites) {
  int runs = 0;
  for (const Site& site : sites) runs += roundsAt(site);
  return runs;
}

Result<std::vector<double>> meanErrors(const Draft& draft, std::size_t site,
                                       const std::vector<double>& activations,
                                       const CalibrationRows& rows, const Trial& trial) {
  const auto rates = draft.sites[site].readout
                         ? trial.outputs(draft.graph, rows)
                         : trial.rates(draft.graph, draft.neurons(site), rows);
  if (!rates.ok()) return rates.status();
  if (rates.value().size() != activations.size()) {
    return mismatch(Code::Unsupported, "max pools before the neurons '" + draft.neurons(site) + "'",
                    "'gated' or 'average' with a method that simulates the network",
                    "'before-neurons'");
  }
  const Scales& scales = draft.scales[site];
  const auto units = static_cast<std::size_t>(draft.sites[site].units);
  const std::size_t positions = units / scales.size();
  std::vector<double> errors(scales.size());
  for (std::size_t i = 0; i < activations.size(); ++i) {
    const std::size_t channel = i % units / positions;
    errors[channel] += activations[i] / scales[channel] - rates.value()[i];
  }
  for (double& error : errors) error /= static_cast<double>(rows.count() * positions);
  return errors;
}

Status shiftBias(Draft& draft, std::size_t site, const std::vector<double>& activations,
                 const CalibrationRows& rows, const Trial& trial) {
  return correctSite(draft, site, activations, rows, trial,
                     [&](const std::vector<double>& errors) { draft.addInput(site, errors); });
}

Status shiftBiases(Draft& draft, const std::vector<std::vector<double>>& activations,
                   const CalibrationRows& rows, const Trial& trial) {
  for (std::size_t site = 0; site < draft.sites.size(); ++site) {
    Status status = shiftBias(draft, site, activations[site], rows, trial);
    if (!status.ok()) return status;
  }
  return {};
}

Status shiftPotentials(Draft& draft, const std::vector<std::vector<double>>& activations,
                       const CalibrationRows& rows, const Trial& trial) {
  for (std::size_t site = 0; site < draft.sites.size(); ++site) {
    Status status = correctSite(draft, site, activations[site], rows, trial,
                                [&](const std::vector<double>& errors) {
                                  std::vector<double> initials = draft.initials(site);
                                  for (std::size_t c = 0; c < initials.size(); ++c)
                                    initials[c] += static_cast<double>(trial.steps) * errors[c];
                                  draft.setInitials(site, initials);
                                });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace spiq
