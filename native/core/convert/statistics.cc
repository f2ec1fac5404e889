#include "core/convert/statistics.h"

#include <algorithm>
#include <cmath>
#include <mutex>

#include "backend/registry.h"

namespace spiq {

Statistics::Statistics(std::shared_ptr<const Graph> prepared, FloatPass<double> pass, Detail detail)
    : graph_(std::move(prepared)),
      pass_(std::move(pass)),
      detail_(detail),
      sites_(sitesOf(arrange(*graph_).value())),
      of_(sites_.size()) {
  for (std::size_t s = 0; s < sites_.size(); ++s) {
    if (detail_ == Detail::Histograms)
      of_[s].channels.resize(static_cast<std::size_t>(sites_[s].channels));
  }
}

Result<std::unique_ptr<Statistics>> Statistics::start(std::shared_ptr<const Graph> prepared,
                                                      Detail detail) {
  const auto backend = findBackend<double>("cpu", "auto");
  if (!backend.ok()) return backend.status();
  auto pass = FloatPass<double>::compile(*prepared, *backend.value());
  if (!pass.ok()) return pass.status();
  return std::unique_ptr<Statistics>(new Statistics(std::move(prepared), pass.take(), detail));
}

Status Statistics::add(View<const double> observations, std::size_t rows, Control& control) {
  for (OfSite& of : of_) of.rowMaxima.resize(rows_ + rows);
  std::vector<std::mutex> locks(sites_.size());
  const auto observe = [&](std::size_t row, std::size_t s, View<const double> values) {
    const Site& site = sites_[s];
    const double* end = values.data + values.size;
    const auto [least, most] = std::minmax_element(values.data, end);
    // A read-out is not rectified: as published, its largest value counts.
    of_[s].rowMaxima[rows_ + row] = site.leaks ? std::max(*most, -*least) : *most;
    if (detail_ == Detail::RowMaxima) return;
    const std::lock_guard<std::mutex> lock(locks[s]);
    const std::size_t each = values.size / of_[s].channels.size();
    for (std::size_t i = 0; i < values.size; ++i)
      of_[s].channels[i / each].add(std::abs(values.data[i]));
  };
  Status status = pass_.run(observations, rows, nullptr, observe, control);
  if (!status.ok()) {
    for (OfSite& of : of_) of.rowMaxima.resize(rows_);
    return status;
  }
  rows_ += rows;
  return {};
}

Status Statistics::activations(View<const double> observations, std::size_t rows,
                               std::vector<std::vector<float>>& ofSites, Control& control) const {
  ofSites.resize(sites_.size());
  for (std::size_t s = 0; s < sites_.size(); ++s)
    ofSites[s].resize(rows * static_cast<std::size_t>(sites_[s].units));
  const auto copy = [&](std::size_t row, std::size_t s, View<const double> values) {
    std::transform(values.data, values.data + values.size, &ofSites[s][row * values.size],
                   [](double value) { return static_cast<float>(value); });
  };
  return pass_.run(observations, rows, nullptr, copy, control);
}

}  // namespace spiq
