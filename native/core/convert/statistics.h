#pragma once

#include <memory>
#include <vector>

#include "core/convert/histogram.h"
#include "core/convert/sites.h"
#include "core/sim/float_pass.h"

namespace spiq {

// What the activations at the sites of a prepared graph were, over any number of observations. The
// memory grows with the channels and by one number a row and site. Computed in double: the
// statistics then owe nothing to the order of sums.
class Statistics {
 public:
  enum class Detail : std::uint8_t { RowMaxima, Histograms };

  struct OfSite {
    // The largest activation of each row, of magnitude where the site's can be negative.
    std::vector<double> rowMaxima;
    std::vector<Histogram> channels;  // magnitudes
  };

  static Result<std::unique_ptr<Statistics>> start(std::shared_ptr<const Graph> prepared,
                                                   Detail detail);

  Status add(View<const double> observations, std::size_t rows, Control& control);

  // The activations themselves, of each site [rows][units]; the statistics stay as they are.
  Status activations(View<const double> observations, std::size_t rows,
                     std::vector<std::vector<float>>& ofSites, Control& control) const;

  std::size_t rows() const { return rows_; }
  const std::vector<Site>& sites() const { return sites_; }
  const OfSite& of(std::size_t site) const { return of_[site]; }

 private:
  Statistics(std::shared_ptr<const Graph> prepared, FloatPass<double> pass, Detail detail);

  std::shared_ptr<const Graph> graph_;
  FloatPass<double> pass_;
  Detail detail_;
  std::size_t rows_ = 0;
  std::vector<Site> sites_;
  std::vector<OfSite> of_;
};

}  // namespace spiq
