#include "core/convert/refine/moments.h"

#include <algorithm>

#include "core/convert/refine/cholesky.h"

namespace spiq {

namespace {

// Of regressors that never vary.
constexpr double kLeastRidge = 1e-12;

}  // namespace

void Moments::add(const double* h, const double* y, double weight) {
  total_ += weight;
  for (std::size_t i = 0; i < n_; ++i) {
    const double wh = weight * h[i];
    if (wh == 0) continue;
    h_[i] += wh;
    double* row = &hh_[i * n_];
    for (std::size_t k = 0; k <= i; ++k) row[k] += wh * h[k];
    for (std::size_t t = 0; t < m_; ++t) hy_[i * m_ + t] += wh * y[t];
  }
  for (std::size_t t = 0; t < m_; ++t) y_[t] += weight * y[t];
}

Moments Moments::only(std::size_t target) const {
  Moments one(n_, 1);
  one.total_ = total_;
  one.hh_ = hh_;
  one.h_ = h_;
  for (std::size_t i = 0; i < n_; ++i) one.hy_[i] = hy_[i * m_ + target];
  one.y_[0] = y_[target];
  return one;
}

bool Moments::fit(double ridge, const double* start, double* weight, double* bias) const {
  if (!(total_ > 0)) return false;
  std::vector<double> covariance(n_ * n_);
  std::vector<double> solution(n_ * m_);
  double trace = 0;
  for (std::size_t i = 0; i < n_; ++i) {
    for (std::size_t k = 0; k <= i; ++k)
      covariance[i * n_ + k] = hh_[i * n_ + k] / total_ - h_[i] / total_ * (h_[k] / total_);
    trace += covariance[i * n_ + i];
  }
  const double pull = std::max(ridge * trace / static_cast<double>(n_), ridge * kLeastRidge);
  for (std::size_t i = 0; i < n_; ++i) {
    covariance[i * n_ + i] += pull;
    for (std::size_t t = 0; t < m_; ++t) {
      solution[i * m_ + t] =
          hy_[i * m_ + t] / total_ - h_[i] / total_ * (y_[t] / total_) + pull * start[t * n_ + i];
    }
  }
  if (!solveCholesky(covariance, n_, solution, m_)) return false;
  for (std::size_t t = 0; t < m_; ++t) {
    bias[t] = y_[t] / total_;
    for (std::size_t i = 0; i < n_; ++i) {
      weight[t * n_ + i] = solution[i * m_ + t];
      bias[t] -= weight[t * n_ + i] * (h_[i] / total_);
    }
  }
  return true;
}

}  // namespace spiq
