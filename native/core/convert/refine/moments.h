#pragma once

#include <cstddef>
#include <vector>

namespace spiq {

// Weighted sums over rows of regressors h (n of them) and targets y: all that a linear fit needs.
// Rows can be added, and taken away again by a negative weight.
class Moments {
 public:
  Moments(std::size_t regressors, std::size_t targets)
      : n_(regressors), m_(targets), hh_(n_ * n_), hy_(n_ * m_), h_(n_), y_(m_) {}

  void add(const double* h, const double* y, double weight);
  // Of one of the targets.
  Moments only(std::size_t target) const;

  // The weights [target][regressor] and biases that minimise
  //   sum w |W h + b - y|^2 / sum w  +  r |W - start|^2,   r = ridge * trace(C) / n,
  // C being the covariance of h. What the rows say nothing about stays as in `start`. False where
  // there is nothing to fit.
  bool fit(double ridge, const double* start, double* weight, double* bias) const;

 private:
  std::size_t n_;
  std::size_t m_;
  double total_ = 0;
  std::vector<double> hh_;  // lower triangle
  std::vector<double> hy_;  // [regressor][target]
  std::vector<double> h_;
  std::vector<double> y_;
};

}  // namespace spiq
